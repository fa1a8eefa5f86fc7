// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createRepository,
  createTemporaryFolder,
  type TemporaryFolder,
  type TestRepository,
} from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  approve,
  cloneOver,
  commitAi,
  EVIDENCE,
  installServer,
  MAIN,
  policyText,
  push,
} from "./push-server.fixture.ts";
import { findFreePort, findObstacle, startServer, stopServer, waitFor } from "./real-server.fixture.ts";

const BACKEND = "/usr/lib/git-core/git-http-backend";
const obstacle = findObstacle("nginx with fcgiwrap", [
  "/usr/sbin/nginx",
  "/usr/sbin/fcgiwrap",
  "/etc/nginx/fastcgi_params",
  BACKEND,
]);

let folder: TemporaryFolder;
let bare: TestRepository;
let clone: TestRepository;
const servers: ChildProcess[] = [];

function nginxConfig(work: string, port: number): string {
  const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name, i) => `${name}_temp_path ${work}/t${i};`)
    .join(" ");
  return `user root; daemon off; pid ${work}/nginx.pid; error_log ${work}/nginx.err; worker_processes 1;
events { worker_connections 64; }
http {
  access_log off; client_max_body_size 0; ${temp}
  server {
    listen 127.0.0.1:${port};
    location ~ ^/git(/.*)$ {
      auth_basic "git"; auth_basic_user_file ${work}/htpasswd; gzip off;
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME ${BACKEND};
      fastcgi_param GIT_HTTP_EXPORT_ALL ""; fastcgi_param GIT_PROJECT_ROOT ${work}; fastcgi_param PATH_INFO $1;
      fastcgi_param REMOTE_USER $remote_user;
      fastcgi_pass unix:${work}/fcgi.sock;
    }
  }
}
`;
}

describe.skipIf(obstacle !== undefined)(
  `nginx with fcgiwrap${obstacle === undefined ? "" : ` (skipped: ${obstacle})`}`,
  () => {
    beforeAll(async () => {
      folder = await createTemporaryFolder("countersign-nginx");
      await chmod(folder.path, 0o755);
      bare = await createRepository({ bare: true, path: join(folder.path, "project.git") });
      await bare.git(["config", "http.receivepack", "true"]);
      await bare.commit({ message: "start\n", files: { ".countersign/policy.yml": await policyText() } });
      await installServer(bare);
      const port = await findFreePort();
      await writeFile(join(folder.path, "htpasswd"), "author:{PLAIN}secret\n");
      await writeFile(join(folder.path, "nginx.conf"), nginxConfig(folder.path, port));
      servers.push(
        startServer("/usr/sbin/fcgiwrap", ["-c", "2", "-s", `unix:${folder.path}/fcgi.sock`], folder.path),
      );
      await waitFor({ path: join(folder.path, "fcgi.sock") });
      servers.push(
        startServer(
          "/usr/sbin/nginx",
          ["-c", join(folder.path, "nginx.conf"), "-p", folder.path, "-e", join(folder.path, "nginx.err")],
          folder.path,
        ),
      );
      await waitFor({ port });
      clone = await cloneOver(`http://author:secret@127.0.0.1:${port}/git/project.git`, "author");
    });
    afterAll(async () => {
      for (const server of servers) await stopServer(server);
      await clone?.remove();
      await bare?.remove();
      await folder?.remove();
    });

    it("refuses an AI-assisted change, takes it with a sign-off, and records the web server's user", async () => {
      const head = await commitAi(clone, "change");
      expect((await push(clone, "change")).isAccepted).toBe(true);
      const refused = await push(clone, `change:${MAIN}`);
      expect(refused.isAccepted).toBe(false);
      expect(refused.words).toContain("ai-senior-sign-off");
      await approve(clone, "senior", head);
      expect(await push(clone, EVIDENCE, `change:${MAIN}`)).toMatchObject({ isAccepted: true });
      const [id] = (
        await bare.git(["ls-tree", "-r", "--format=%(objectname)", "refs/countersign/pushes"])
      ).split("\n");
      expect(JSON.parse(await bare.git(["cat-file", "blob", id ?? ""]))).toMatchObject({
        ref: "refs/heads/change",
        pusher: "author",
      });
    });
  },
);
