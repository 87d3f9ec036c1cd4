// /v2/artifacts, up to 1.4. Facts: marathon v1.1.1 and v1.4.1 api/v2/ArtifactsResource.scala.
import type { Answer, Request, Route } from '../http.ts';
import { readUpload } from './artifacts.ts';
import { failure, type Marathon } from './marathon.ts';

export function artifactRoutes({ version, artifacts }: Marathon): Route[] {
  if (version === '1.5.6') return [];

  async function store(request: Request): Promise<Answer> {
    const type = request.headers['content-type'] ?? '';
    if (!/^multipart\/form-data\b/i.test(type)) return failure(415, 'Unsupported Media Type');
    const upload = await readUpload(request.bytes, type);
    const path = request.params.path ?? upload?.fileName;
    if (upload === undefined || path === undefined || path === '')
      return failure(422, "requirement failed: Please use 'file' as form parameter name!");
    const existed = artifacts.store(path, upload.content);
    const address = `${request.origin}/v2/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`;
    return existed ? { status: 200, text: '' } : { status: 201, text: '', headers: { Location: address } };
  }

  function show({ params }: Request): Answer {
    const path = params.path ?? '';
    const artifact = artifacts.get(path);
    if (artifact === undefined) return failure(404, `No artifact with path ${path}`);
    return {
      status: 200,
      text: artifact.content,
      type: 'application/octet-stream',
      headers: { 'Last-Modified': artifact.modified.toUTCString() },
    };
  }

  function remove({ params }: Request): Answer {
    artifacts.delete(params.path ?? '');
    return { status: 200, text: '' };
  }

  const one = /^\/v2\/artifacts\/(?<path>.+)$/;
  return [
    { method: 'POST', pattern: /^\/v2\/artifacts\/?$/, handle: store },
    { method: 'POST', pattern: one, handle: store },
    { method: 'PUT', pattern: one, handle: store },
    { method: 'GET', pattern: one, handle: show },
    { method: 'DELETE', pattern: one, handle: remove },
  ];
}
