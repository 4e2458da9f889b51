// A headless Chromium, driven through two pipes by its DevTools protocol: nothing to install beside Node and Chromium.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Starts `program`. tab({width, height, ...}) opens a page; close() ends everything. */
export function launch(program) {
  const profile = mkdtempSync(join(tmpdir(), "onehot-chromium-"));
  const options = ["--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars", `--user-data-dir=${profile}`];
  if (process.getuid?.() === 0) options.push("--no-sandbox"); // root has none
  const chromium = spawn(program, options, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const [, , , to, from] = chromium.stdio, waiting = new Map(), tabs = new Map();
  let last = 0, rest = "";
  const gone = new Promise(done => chromium.on("close", done));
  gone.then(() => { for (const { failed } of waiting.values()) failed(new Error("Chromium has ended")); });
  to.on("error", () => {}); // said by the line above
  from.setEncoding("utf8");
  from.on("data", text => {
    const messages = (rest + text).split("\0");
    rest = messages.pop();
    for (const { id, sessionId, method, params, result, error } of messages.map(m => JSON.parse(m))) {
      if (method) tabs.get(sessionId)?.(method, params);
      const { done, failed } = waiting.get(id) ?? {};
      waiting.delete(id);
      if (error) failed?.(new Error(error.message)); else done?.(result);
    }
  });
  const send = (method, params = {}, sessionId) => new Promise((done, failed) => {
    waiting.set(++last, { done, failed });
    to.write(JSON.stringify({ id: last, method, params, sessionId }) + "\0");
  });

  /** A page of its own. What goes wrong in it, and what it asks of the network, is added to `complaints`. */
  async function tab({ width = 1200, height = 900, dark = false, calm = false }, complaints) {
    const { targetId } = await send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
    const call = (method, params) => send(method, params, sessionId);
    tabs.set(sessionId, (method, params) => {
      if (method === "Runtime.exceptionThrown") complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
      if (method === "Runtime.consoleAPICalled" && params.type === "error") complaints.push("console: " + params.args.map(a => a.value ?? a.description).join(" "));
      if (method === "Log.entryAdded" && params.entry.level === "error") complaints.push(params.entry.text + " " + (params.entry.url ?? ""));
      if (method === "Network.requestWillBeSent" && !/^(file|data|blob):/.test(params.request.url)) complaints.push("asked the network for " + params.request.url);
    });
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await call(domain + ".enable");
    const resize = (width, height) => call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await resize(width, height);
    await call("Performance.enable", { timeDomain: "threadTicks" });
    await call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" },
      { name: "prefers-reduced-motion", value: calm ? "reduce" : "no-preference" }] });
    /** What an expression, or a function of the page with JSON arguments, comes to. */
    const run = async (what, ...values) => {
      const expression = typeof what === "function" ? `(${what})(${values.map(v => JSON.stringify(v)).join(", ")})` : what;
      const { result, exceptionDetails } = await call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true, userGesture: true });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    };
    /** Waits until an expression is true, some seconds at most. */
    const until = async (what, ...values) => {
      for (const end = Date.now() + 20000; Date.now() < end; await new Promise(done => setTimeout(done, 25)))
        if (await run(what, ...values).catch(() => false)) return true;
      throw new Error(`waited in vain for ${what} ${JSON.stringify(values)}`);
    };
    return {
      run, until, resize,
      /** Seconds of processor time that the page has used so far. */
      seconds: async () => (await call("Performance.getMetrics")).metrics.find(m => m.name === "TaskDuration").value,
      async open(url) {
        await call("Page.navigate", { url: "about:blank" }); // else another part behind # would not load it anew
        await call("Page.navigate", { url });
        await until(url => location.href.split("#")[0] === url.split("#")[0] && document.readyState === "complete", url);
      },
      async key(key, type = "press") {
        const params = { key, code: key, text: key.length === 1 ? key : undefined };
        if (type !== "up") await call("Input.dispatchKeyEvent", { type: "keyDown", ...params });
        if (type !== "down") await call("Input.dispatchKeyEvent", { type: "keyUp", ...params });
      },
      async picture(full = false) {
        const { data } = await call("Page.captureScreenshot", { format: "png", captureBeyondViewport: full });
        return Buffer.from(data, "base64");
      },
      close: () => send("Target.closeTarget", { targetId }),
    };
  }
  async function close() {
    send("Browser.close").catch(() => {});
    await Promise.race([gone, new Promise(done => setTimeout(done, 5000))]);
    chromium.kill();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
  return { tab, close };
}
