/** The per-user cache that all checkouts share: `LONGTAIL_CACHE`, or the platform's own cache folder. */
import envPaths from 'env-paths';

export function cacheFolder(): string {
  return process.env.LONGTAIL_CACHE ?? envPaths('longtail', { suffix: '' }).cache;
}
