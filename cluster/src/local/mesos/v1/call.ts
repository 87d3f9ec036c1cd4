// One call of the operator API v1: how it is read, and how it is answered. JSON only; whoever speaks protobuf is told so as Mesos tells
// of a media type that it does not know. Source: mesos src/master/http.cpp and src/slave/http.cpp, `api`; src/master/validation.cpp.
import type { Answer, Request } from '../../http.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Call {
  readonly type: string;
  /** What stands under the call's name in lower case. */
  readonly payload: Fields | undefined;
}

/** By the call's type. What is absent, or not yet in the release, is not implemented. */
export type Calls<Context> = Readonly<Record<string, Handler<Context>>>;

export interface Handler<Context> {
  /** The first release that has it; 1.0 when absent. */
  readonly since?: '1.1' | '1.2' | '1.3' | '1.5';
  /** Whether the payload has to be there. */
  readonly wants?: true;
  /** Gives what is answered under the call's name, or another answer. */
  readonly handle: (context: Context, payload: Fields, request: Request) => Reply | Promise<Reply>;
}

export type Reply = { readonly body: Fields } | { readonly answer: Answer } | { readonly taken: true };

export const answered = (answer: Answer): Reply => ({ answer });
export const accepted: Reply = { answer: { status: 202, text: '' } };

/** The call in a request, or the answer of its refusal. */
export function readCall(request: Request, process: 'master' | 'agent'): Call | Answer {
  const contentType = request.headers['content-type'];
  if (contentType === undefined) return bad("Expecting 'Content-Type' to be present");
  if (contentType !== json) return { status: 415, text: `Expecting 'Content-Type' of ${json}` };
  let value: unknown;
  try {
    value = JSON.parse(request.body);
  } catch (error) {
    return bad(`Failed to parse body into JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (!isFields(value)) return bad('Failed to convert JSON into Call protobuf: Expecting a JSON object');
  const { type } = value;
  const invalid = (text: string) => bad(`Failed to validate ${process}::Call: ${text}`);
  if (type === undefined) return invalid("Expecting 'type' to be present");
  if (typeof type !== 'string')
    return bad("Failed to convert JSON into Call protobuf: Not expecting a JSON number for field 'type'");
  if (!acceptsJson(request.headers.accept)) return { status: 406, text: `Expecting 'Accept' to allow ${json}` };
  const payload = value[type.toLowerCase()];
  return { type, payload: isFields(payload) ? payload : undefined };
}

export const bad = (text: string): Answer => ({ status: 400, text });

const json = 'application/json';

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A missing header accepts everything. */
const acceptsJson = (accept: string | undefined): boolean =>
  accept === undefined ||
  accept.split(',').some(range => ['*/*', 'application/*', json].includes(range.split(';', 1)[0]?.trim() ?? ''));

/** `{"value": "x"}`, the form of every id. */
export const id = (value: string): Fields => ({ value });
export const idIn = (value: unknown): string => (isFields(value) && typeof value.value === 'string' ? value.value : '');

/** Without what is not set: undefined members and empty lists. */
export const compact = (all: Fields): Fields =>
  Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
