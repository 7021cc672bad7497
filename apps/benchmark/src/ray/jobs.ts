/** Ray's interface for jobs, over HTTP: a shell command each. https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html */
import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { LongtailError, shown, UsageError } from '@longtail/core';
import * as z from 'zod';

export interface RayJob {
  readonly submission_id: string | null;
  readonly status: 'PENDING' | 'RUNNING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED';
  readonly message?: string | null | undefined;
  /** Ray before 2.5 has it in the message alone. */
  readonly driver_exit_code?: number | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
}

export interface RaySubmission {
  readonly submission_id: string;
  /** Of a shell. */
  readonly entrypoint: string;
  readonly entrypoint_num_cpus: number;
  readonly entrypoint_num_gpus: number;
  /** In bytes. */
  readonly entrypoint_memory?: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly runtime_env: { readonly env_vars: Readonly<Record<string, string>> };
}

const jobs: z.ZodType<RayJob[]> = z.array(
  z.looseObject({
    submission_id: z.string().nullable(),
    status: z.enum(['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED']),
    message: z.string().nullish(),
    driver_exit_code: z.number().nullish(),
    metadata: z.record(z.string(), z.string()).nullish(),
  }),
);

function jobsIn(text: string, { address }: { address: string }): RayJob[] {
  try {
    return jobs.parse(JSON.parse(text));
  } catch (cause) {
    throw new LongtailError(
      `expected Ray's list of jobs from ${address}, but got ${shown(text.slice(0, 40))}; name the address of Ray's dashboard by --with address=URL.`,
      { address },
      { cause },
    );
  }
}

/** Not by `fetch`, whose requests say that they come from a browser, from which Ray takes no jobs. */
function call(
  url: URL,
  method: 'GET' | 'POST',
  { body, token = process.env.RAY_AUTH_TOKEN }: { body?: unknown; token?: string | undefined } = {},
): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const request = url.protocol === 'https:' ? overHttps : overHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, async (response) => {
      try {
        const text = (await response.toArray()).join('');
        resolve({ status: response.statusCode ?? 0, text });
      } catch (error) {
        reject(error);
      }
    });
    sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

export interface RayClient {
  submit(submission: RaySubmission): Promise<void>;
  /** Of everybody. */
  list(): Promise<RayJob[]>;
  stop(id: string): Promise<void>;
}

/**
 * @param address such as http://127.0.0.1:8265
 * @throws UsageError for what is no address; from its functions, LongtailError where nobody answers, or Ray refuses
 */
export function rayClient(address: string): RayClient {
  if (!/^https?:\/\/./.test(address) || !URL.canParse(address))
    throw new UsageError(
      `--with address=URL takes that of Ray's dashboard, such as http://127.0.0.1:8265, but got "${address}".`,
    );
  const ask = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<string> => {
    const answer = await call(new URL(path, address), method, { body }).catch((cause: Error) => {
      throw new LongtailError(
        `expected Ray's dashboard at ${address}, but ${cause.message || 'nobody answers'}; start Ray, or name its address by --with address=URL.`,
        { address },
        { cause },
      );
    });
    const { status, text } = answer;
    if (status === 200) return text;
    throw new LongtailError(`Ray at ${address} refuses ${method} ${path} (${status}): ${text.trim()}`, {
      status,
    });
  };
  return {
    submit: async (submission) => void (await ask('POST', '/api/jobs/', submission)),
    list: async () => jobsIn(await ask('GET', '/api/jobs/'), { address }),
    stop: async (id) => void (await ask('POST', `/api/jobs/${id}/stop`)),
  };
}
