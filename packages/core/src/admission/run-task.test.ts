// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatTaskResult, parseRunTask } from "./index.ts";

const COMMIT = "3".repeat(40);
const TASK = {
  payload_version: 1,
  access_token: "secret-token",
  stage: "pre_apply",
  task_result_callback_url: "https://app.terraform.io/api/v2/task-results/1/callback",
  run_id: "run-1",
  workspace_name: "net",
  vcs_commit_url: `https://github.com/acme/shop/commit/${COMMIT}`,
};
const parse = (more: object) => parseRunTask(JSON.stringify({ ...TASK, ...more }));

describe("parseRunTask", () => {
  it.each([
    TASK.vcs_commit_url,
    `https://gitlab.com/acme/shop/-/commit/${COMMIT}`,
    `https://bitbucket.org/acme/shop/commits/${COMMIT}`,
    `https://dev.azure.com/acme/_git/shop/commit/${COMMIT}`,
  ])("reads the commit of %s", (url) => {
    expect(parse({ vcs_commit_url: url })).toMatchObject({
      kind: "task",
      stage: "pre_apply",
      commit: COMMIT,
    });
  });

  it.each([
    null,
    "",
    "https://github.com/acme/shop",
    "https://github.com/acme/shop/commit/main",
    `https://github.com/acme/shop/commit/${COMMIT.slice(1)}`,
    `https://github.com/acme/shop/commit/${COMMIT}?x=/commit/main`,
  ])("knows no commit by %j", (url) => {
    expect(parse({ vcs_commit_url: url })).toMatchObject({ commit: null });
  });

  it("takes the request that tries the address for nothing to answer", () => {
    for (const token of ["", null, "test-token"])
      expect(parse({ access_token: token, task_result_callback_url: "https://example.com" })).toEqual({
        kind: "ping",
      });
  });

  it.each([
    ["no JSON", "{"],
    ["another version", JSON.stringify({ ...TASK, payload_version: 2 })],
    ["no address", JSON.stringify({ ...TASK, task_result_callback_url: null })],
    ["an address in the clear", JSON.stringify({ ...TASK, task_result_callback_url: "http://a/" })],
    ["an address with a line in it", JSON.stringify({ ...TASK, task_result_callback_url: "https://a/\n" })],
    ["a token that is none", JSON.stringify({ ...TASK, access_token: 1 })],
  ])("refuses %s", (_what, body) => {
    expect(() => parseRunTask(body)).toThrow(expect.objectContaining({ code: "ADMISSION_MALFORMED" }));
  });

  it("throws nothing but its own error, whatever comes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
        try {
          parseRunTask(body);
        } catch (error) {
          expect(error).toMatchObject({ code: "ADMISSION_MALFORMED" });
        }
      }),
    );
  });
});

it("formatTaskResult is what the callback takes", () => {
  expect(JSON.parse(formatTaskResult({ status: "failed", message: "denied" }))).toEqual({
    data: { type: "task-results", attributes: { status: "failed", message: "denied" } },
  });
});
