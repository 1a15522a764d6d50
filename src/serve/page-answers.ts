/** Answers with pages: the list of projects, and one project in the form that the client wants. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { projectHtml, rootHtml } from '../simple/html-pages.js';
import { projectJson, rootJson } from '../simple/json-pages.js';
import { formFor, JSON_V1 } from '../simple/negotiation.js';
import type { Project } from '../simple/project.js';
import { sendPage, sendProblem } from './answers.js';

export function sendRoot(request: IncomingMessage, response: ServerResponse, names: readonly string[]): void {
  sendForm(
    request,
    response,
    () => rootJson(names),
    () => rootHtml(names),
  );
}

export function sendProject(request: IncomingMessage, response: ServerResponse, project: Project): void {
  sendForm(
    request,
    response,
    () => projectJson(project),
    () => projectHtml(project),
  );
}

/** The versions of a project in the form of PyPI's JSON API, which Renovate and pip-tools ask for. */
export function sendProjectJson(
  request: IncomingMessage,
  response: ServerResponse,
  { name, versions, files }: Project,
): void {
  const releases = Object.fromEntries(
    versions.map((version) => [
      version,
      files
        .filter((file) => file.version === version)
        .map(({ filename, sha256, uploadTime, requiresPython, yanked }) => ({
          filename,
          digests: { sha256 },
          upload_time_iso_8601: uploadTime,
          requires_python: requiresPython,
          yanked: yanked !== undefined,
        })),
    ]),
  );
  const text = JSON.stringify({ info: { name, version: versions[0] }, releases });
  sendPage(request, response, 'application/json', text);
}

function sendForm(request: IncomingMessage, response: ServerResponse, json: () => string, html: () => string): void {
  const type = formFor(request.headers.accept);
  if (type === undefined) {
    const detail = 'This index has pages as JSON (application/vnd.pypi.simple.v1+json) and as HTML (text/html).';
    sendProblem(request, response, { status: 406, title: 'Not acceptable', detail });
  } else if (type === JSON_V1) sendPage(request, response, type, json());
  else sendPage(request, response, `${type}; charset=utf-8`, html());
}
