/** Who may look: everybody of this machine on its loopback; from elsewhere whoever has the token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** An address in full: `127.0.0.1.example` is a name that anybody may point anywhere. */
const LOOPBACK = /^(localhost|::1|127(\.\d{1,3}){3})$/;

export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** Hashes are compared, which are of one length, so that the time tells nothing of the token. */
function isToken(given: string, token: string): boolean {
  const [a, b] = [given, token].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}

const COOKIE = 'longtail-token';

function decoded(cookie: string): string {
  try {
    return decodeURIComponent(cookie);
  } catch {
    return ''; // none of ours
  }
}

/** What the request carries: in its address, in a header, in a cookie. */
function givenToken({ url = '/', headers }: IncomingMessage): string {
  const searchParams = new URLSearchParams(url.split('?').slice(1).join('?'));
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  const cookie = new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(headers.cookie ?? '')?.[1];
  return searchParams.get('token') ?? bearer ?? decoded(cookie ?? '');
}

/** A page of another site that has the name of its own point here would come with that name. */
function isOwnName({ headers }: IncomingMessage): boolean {
  const name = (headers.host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return isLoopback(name);
}

/** @param token undefined on the loopback, where none is asked for */
export const mayLook = (request: IncomingMessage, token: string | undefined): boolean =>
  token === undefined ? isOwnName(request) : isToken(givenToken(request), token);

/** Kept by the browser for what the page asks for, out of the address. */
export const tokenCookie = (token: string): string =>
  `${COOKIE}=${encodeURIComponent(token)}; HttpOnly; SameSite=Strict; Path=/`;
