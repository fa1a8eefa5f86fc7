// SPDX-License-Identifier: Apache-2.0
import { mkdir, readFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { expect, it } from "vitest";
import { createCertificate } from "./called-server.fixture.ts";
import { openServer } from "./open-server.ts";

interface Pair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

const get = (port: number, ca: Buffer, own?: Pair) =>
  new Promise<number | string | undefined>((resolve) => {
    const asked = request({ host: "127.0.0.1", port, ca, path: "/healthz", agent: false, ...own });
    asked.on("response", (response) => resolve(response.resume().statusCode));
    asked.on("error", ({ message }) => resolve(message));
    asked.end();
  });

it("with --client-ca answers the API server's own certificate alone, after a renewal too", async () => {
  await using folder = await createTemporaryFolder();
  const made = await Promise.all(
    ["server", "caller", "stranger"].map(async (name): Promise<Pair> => {
      await mkdir(join(folder.path, name));
      const { cert, key } = await createCertificate(join(folder.path, name));
      return { cert: await readFile(cert), key: await readFile(key) };
    }),
  );
  const [own, caller, stranger] = made as [Pair, Pair, Pair];
  const certificate = { ...own, ca: caller.cert };
  const server = await openServer({
    host: "127.0.0.1",
    port: 0,
    certificate,
    routes: new Map(),
    warn: () => undefined,
  });
  try {
    for (const isRenewed of [false, true]) {
      if (isRenewed) server.useCertificate(certificate);
      expect(await get(server.port, own.cert, caller)).toBe(200);
      expect(await get(server.port, own.cert)).not.toBe(200);
      expect(await get(server.port, own.cert, stranger)).not.toBe(200);
    }
  } finally {
    await server.close();
  }
});
