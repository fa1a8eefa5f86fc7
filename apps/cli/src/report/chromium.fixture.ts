// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { createTemporaryFolder } from "@countersign/testkit";

/** Where a Chromium is; undefined where none is. */
export const CHROMIUM = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));

/** What a reader of a page sees, and what the page did. */
export interface SeenPage {
  /** Text as it is laid out, hidden parts left out. */
  readonly text: string;
  /** Visible headings, top to bottom. */
  readonly headings: readonly string[];
  /** Whatever the page asked for besides itself. */
  readonly requests: readonly string[];
  /** Errors and warnings in the console, and scripts that the page's own security policy refused. */
  readonly complaints: readonly string[];
  /** Width of the content beyond the window's, in CSS pixels: a page that has to be scrolled sideways. */
  readonly overflow: number;
  readonly png: Buffer;
}

/** A picture of all of a long page would take longer than the page. */
const SHOWN_HEIGHT = 2400;

export interface View {
  readonly width: number;
  readonly colours: "light" | "dark";
}

/** Opens a file in a browser that has no network, as a reader would who got it by mail. */
export async function openInChromium(file: string, { width, colours }: View): Promise<SeenPage> {
  await using folder = await createTemporaryFolder("countersign-chromium");
  const options = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    `--user-data-dir=${folder.path}`,
    "--remote-debugging-pipe",
    "about:blank",
  ];
  const environment = { PATH: process.env.PATH ?? "", HOME: folder.path };
  const child = spawn(CHROMIUM ?? "", options, {
    env: environment,
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    return await look(connect(child.stdio[3] as Writable, child.stdio[4] as Readable), file, {
      width,
      colours,
    });
  } finally {
    child.kill();
    await ended;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the protocol's answers are looked at by name
type Json = any;

interface Connection {
  readonly send: (method: string, params?: object, sessionId?: string) => Promise<Json>;
  readonly events: Json[];
  readonly once: (method: string) => Promise<Json>;
}

/** The DevTools protocol over a pipe: JSON, a zero byte after each. */
function connect(input: Writable, output: Readable): Connection {
  const waiting = new Map<number, (answer: Json) => void>();
  const listeners: { method: string; resolve: (event: Json) => void }[] = [];
  const events: Json[] = [];
  let [next, rest] = [1, ""];
  output.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = `${rest}${chunk}`.split("\0");
    rest = parts.pop() ?? "";
    for (const message of parts.map((part) => JSON.parse(part) as Json)) {
      if (message.id !== undefined) waiting.get(message.id)?.(message);
      else events.push(message);
      for (const listener of listeners) if (listener.method === message.method) listener.resolve(message);
    }
  });
  return {
    events,
    once: (method) => new Promise((resolve) => listeners.push({ method, resolve })),
    send: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, ({ result, error }) =>
          error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`)),
        );
        input.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
      }),
  };
}

async function look({ send, once, events }: Connection, file: string, view: View): Promise<SeenPage> {
  const { targetInfos } = await send("Target.getTargets");
  const { targetId } = targetInfos.find(({ type }: Json) => type === "page");
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const ask = (method: string, params: object = {}) => send(method, params, sessionId);
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await ask(`${domain}.enable`);
  await ask("Emulation.setEmulatedMedia", {
    features: [{ name: "prefers-color-scheme", value: view.colours }],
  });
  const size = { width: view.width, height: 1000, deviceScaleFactor: 1, mobile: false };
  await ask("Emulation.setDeviceMetricsOverride", size);
  const loaded = once("Page.loadEventFired");
  const url = pathToFileURL(file).href;
  await ask("Page.navigate", { url });
  await loaded;
  const value = async (expression: string) =>
    (await ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true })).result.value;
  // The page checks its proofs after it is there: done when its line says yes or no.
  await value(
    `new Promise(done=>{const c=document.getElementById("check"),t=()=>!c||c.className!=="quiet"?done():setTimeout(t,20);t()})`,
  );
  const { data } = await ask("Page.captureScreenshot", {
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, width: view.width, height: SHOWN_HEIGHT, scale: 1 },
  });
  const named = (method: string) => events.filter((event) => event.method === method);
  return {
    text: await value("document.body.innerText"),
    headings: await value(
      `[...document.querySelectorAll("h1,h2")].filter(h=>h.checkVisibility()).map(h=>h.innerText)`,
    ),
    overflow: await value("document.documentElement.scrollWidth-window.innerWidth"),
    requests: named("Network.requestWillBeSent")
      .map(({ params }) => params.request.url)
      .filter((each: string) => each !== url && !each.startsWith("about:")),
    complaints: [
      ...named("Log.entryAdded").map(({ params }) => params.entry.text),
      ...named("Runtime.exceptionThrown").map(({ params }) => params.exceptionDetails.text),
      ...named("Runtime.consoleAPICalled").map(({ params }) => JSON.stringify(params.args)),
    ],
    png: Buffer.from(data, "base64"),
  };
}
