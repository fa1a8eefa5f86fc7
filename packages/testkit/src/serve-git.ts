// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { testEnvironment } from "./test-environment.ts";

export interface GitServer extends AsyncDisposable {
  /** Without a final slash; repositories lie below it as they lie below the folder served. */
  readonly url: string;
  /** The same with a user's credentials in it. */
  readonly urlFor: (user: string) => string;
  readonly close: () => Promise<void>;
}

export interface GitServerOptions {
  /** Password by user; the user reaches hooks as REMOTE_USER. Without users, everybody may do everything. */
  readonly users?: Readonly<Record<string, string>>;
  /** Variables for hooks, such as PATH. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Real pushes and fetches over HTTP on the loopback interface, through `git http-backend`. */
export async function serveGitOverHttp(rootDir: string, options: GitServerOptions = {}): Promise<GitServer> {
  const server = createServer((request, response) => answer(rootDir, options, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => closeServer(server);
  return {
    url: `http://127.0.0.1:${port}`,
    urlFor: (user) =>
      `http://${encodeURIComponent(user)}:${encodeURIComponent(options.users?.[user] ?? "")}@127.0.0.1:${port}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function answer(
  rootDir: string,
  options: GitServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const user = authenticate(options.users, request.headers.authorization);
  if (user === undefined) {
    response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
    return;
  }
  const backend = spawn("git", ["http-backend"], {
    env: { ...testEnvironment(options.environment), ...cgiVariables(rootDir, request, user) },
    stdio: ["pipe", "pipe", "inherit"],
  });
  backend.stdin.on("error", () => undefined);
  request.pipe(backend.stdin);
  response.once("close", () => backend.kill());
  relay(backend.stdout, response);
}

/** The user's name, the empty string where nobody needs to log in, undefined for a wrong login. */
function authenticate(
  users: GitServerOptions["users"],
  authorization: string | undefined,
): string | undefined {
  if (users === undefined) return "";
  const encoded = /^Basic (.+)$/i.exec(authorization ?? "")?.[1] ?? "";
  const [user = "", ...password] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return Object.hasOwn(users, user) && users[user] === password.join(":") ? user : undefined;
}

function cgiVariables(rootDir: string, request: IncomingMessage, user: string): Record<string, string> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const { headers } = request;
  return {
    GIT_PROJECT_ROOT: rootDir,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method ?? "GET",
    CONTENT_TYPE: headers["content-type"] ?? "",
    REMOTE_ADDR: "127.0.0.1",
    ...(user === "" ? {} : { REMOTE_USER: user }),
    ...(headers["content-length"] === undefined ? {} : { CONTENT_LENGTH: headers["content-length"] }),
    ...(headers["content-encoding"] === undefined
      ? {}
      : { HTTP_CONTENT_ENCODING: headers["content-encoding"] }),
    ...(typeof headers["git-protocol"] === "string" ? { GIT_PROTOCOL: headers["git-protocol"] } : {}),
  };
}

/** Turns a CGI answer (header lines, blank line, body) into an HTTP answer. */
function relay(output: NodeJS.ReadableStream, response: ServerResponse): void {
  let head = Buffer.alloc(0);
  const onHead = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    output.off("data", onHead);
    for (const line of head.toString("latin1", 0, end).split("\r\n")) {
      const [name = "", value = ""] = line.split(/:\s*/, 2);
      if (name.toLowerCase() === "status") response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.write(head.subarray(end + 4));
    output.pipe(response);
  };
  output.on("data", onHead);
  output.once("end", () => response.end());
}
