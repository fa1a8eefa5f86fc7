// SPDX-License-Identifier: Apache-2.0

/** What goes back to a caller. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly type?: "application/json" | "text/plain";
}

/** Answers one request of a path; what it throws is answered with 500. */
export type Route = (request: RouteRequest) => Promise<Reply>;

export interface RouteRequest {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}
