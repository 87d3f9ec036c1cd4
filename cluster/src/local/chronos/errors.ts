// The errors of Chronos: bare words or none in 2.4.0, status and message in 3.0.2, and the pages of the web server that both sit on.
import { type Answer, HttpError } from '../http.ts';

/** The page of Chronos's web server, for what never reaches Chronos. */
export const page = (status: number, message: string): Answer => ({
  status,
  text: `<html><head><title>Error ${status}</title></head><body><h2>HTTP ERROR: ${status}</h2><pre>${escapeHtml(message)}</pre></body></html>\n`,
  type: 'text/html;charset=ISO-8859-1',
});

const escapeHtml = (text: string): string => text.replace(/[&<>]/g, character => `&#${character.charCodeAt(0)};`);

export const failure = (status: number, message: string): Answer => ({
  status,
  json: { status: status === 400 ? 'Bad Request' : status === 500 ? 'Internal Server Error' : message, message },
});

/** The refusals of a release; `newer`: 3.0.2. */
export const refusals = (newer: boolean) => ({
  /** 400 with the text of a failed requirement; 3.0.2 adds the exception's name. */
  required: (text: string): HttpError =>
    new HttpError(
      newer
        ? failure(400, `java.lang.IllegalArgumentException: requirement failed: ${text}`)
        : { status: 400, text: `requirement failed: ${text}`, type: 'application/json' },
    ),
  /** 400 with a text of Chronos's own, empty before 3. */
  plain: (text: string): HttpError => new HttpError(newer ? failure(400, text) : { status: 400, text: '' }),
  broken: (text: string): HttpError => new HttpError(newer ? failure(500, text) : { status: 500, text: '' }),
});
