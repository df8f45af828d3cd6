// A browser that looks at pages with care: it keeps what goes to the console
// and what does not load, and checks accessibility. For any test of the page.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// input reads what the test gives, as JSON.
export async function input() {
  let text = "";
  for await (const piece of process.stdin) text += piece;
  return JSON.parse(text);
}

// browse starts the browser at this path and calls visit with what there is to
// work with. Pictures go to the folder shots, where one is given. It returns
// { errors, violations, steps }, of which visit fills steps.
export async function browse(browser, shots, visit, options = {}) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "page-"));
  const seen = { errors: [], violations: [], steps: {} };
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: browser,
    headless: true,
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--no-proxy-server", "--hide-scrollbars"],
    ...options,
  });
  try {
    const page = context.pages()[0] || (await context.newPage());
    page.on("console", (m) => {
      if (["error", "warning"].includes(m.type())) seen.errors.push(page.url() + ": " + m.text());
    });
    page.on("pageerror", (e) => seen.errors.push(page.url() + ": " + e.message));
    page.on("dialog", async (d) => { seen.errors.push(page.url() + " asks: " + d.message()); await d.dismiss(); });
    page.on("requestfailed", (r) => { // A page that is left stops loading.
      if (r.failure().errorText !== "net::ERR_ABORTED") seen.errors.push("not loaded: " + r.url());
    });

    // The page's policy lets no script be added to it, so axe is run from outside.
    const look = async (name) => {
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      for (const v of violations) {
        seen.violations.push(`${name}: ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html + " " + n.failureSummary).join(" | ")}`);
      }
    };
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    const shoot = async (name, more) => {
      if (shots) await page.screenshot({ path: path.join(shots, name + ".png"), ...more });
    };
    await visit({ page, context, seen, look, fits, shoot });
  } finally {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
  return seen;
}
