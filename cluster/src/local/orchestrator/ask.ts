// Asks Marathon and Chronos what a client would, without a network in between: no credentials, no connections that could break.
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { findRoute, HttpError, type Service, taken } from '../http.ts';

export interface Reply {
  readonly status: number;
  readonly json: unknown;
}

export async function ask(service: Service, method: string, target: string, body?: unknown): Promise<Reply> {
  const url = new URL(target, 'http://localhost');
  const path = decodeURIComponent(url.pathname);
  const found = findRoute(service.routes, method, path);
  if (found === undefined || found === 'method') return { status: 404, json: undefined };
  const text = body === undefined ? '' : JSON.stringify(body);
  try {
    const answer = await found.route.handle({
      method,
      path,
      params: found.params,
      query: url.searchParams,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      origin: url.origin,
      remoteAddress: '127.0.0.1',
      body: text,
      bytes: Buffer.from(text),
      response: new ServerResponse(new IncomingMessage(new Socket())),
    });
    return answer === taken ? { status: 200, json: undefined } : { status: answer.status, json: answer.json };
  } catch (error) {
    if (error instanceof HttpError) return { status: error.answer.status, json: error.answer.json };
    return { status: 500, json: { message: error instanceof Error ? error.message : String(error) } };
  }
}
