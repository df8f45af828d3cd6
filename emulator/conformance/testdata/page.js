// Drives the emulator's page in Chromium: as a person would, with a check of
// each page's accessibility, and no error on the console. Prints what it saw.
const fs = require("fs");
const os = require("os");
const path = require("path");
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

(async () => {
  let input = "";
  for await (const piece of process.stdin) input += piece;
  const { url, browser, shots, check } = JSON.parse(input);
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "page-"));
  const seen = { errors: [], violations: [], steps: {} };
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: browser,
    headless: true,
    viewport: { width: 1200, height: 860 },
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--no-proxy-server"],
  });
  try {
    const page = context.pages()[0] || (await context.newPage());
    let wrong = false; // The browser tells the console of a page that answers 400, as those do that are meant to.
    page.on("console", (m) => {
      if (["error", "warning"].includes(m.type()) && !(wrong && m.text().includes("400"))) seen.errors.push(page.url() + ": " + m.text());
    });
    page.on("pageerror", (e) => seen.errors.push(page.url() + ": " + e.message));
    page.on("requestfailed", (r) => { // A page that is left stops loading.
      if (r.failure().errorText !== "net::ERR_ABORTED") seen.errors.push("not loaded: " + r.url());
    });

    // Both colour schemes of a page are checked. Scripts of the page's own
    // policy may not be added to it, so axe is run from outside.
    const look = async (name, shoot) => {
      for (const scheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
        for (const v of violations) {
          seen.violations.push(`${name}, ${scheme}: ${v.id}: ${v.nodes.map((n) => n.html + " " + n.failureSummary).join(" | ")}`);
        }
        if (shots && shoot === scheme) await page.screenshot({ path: path.join(shots, name + ".png") });
      }
      await page.emulateMedia({ colorScheme: "light" });
    };

    // An edition is edited, and the next check tells it.
    await page.goto(url);
    await look("empty");
    await page.getByRole("link", { name: "AKIDEMULATOR" }).click();
    await page.getByLabel("BuyStatus").selectOption("Isolate");
    await page.getByLabel("EndTime").fill("2026-12-01 00:00:00");
    await page.getByRole("button", { name: "Save the edition" }).click();
    seen.steps.said = await page.getByRole("status").first().textContent();
    await page.goto(url);
    const before = await page.locator("#rows").textContent();
    seen.steps.checked = await (await fetch(check)).json();
    await page.waitForFunction((b) => document.getElementById("rows").textContent !== b, before, { timeout: 10000 });
    seen.steps.row = await page.locator("#rows tr").first().innerText();

    // Faults and a timeline, by their buttons.
    await page.getByRole("link", { name: "AKIDEMULATOR" }).click();
    await page.getByRole("button", { name: "Internal error" }).click();
    await page.getByRole("button", { name: "2 s late" }).click();
    await page.getByRole("button", { name: "Fill in a licence’s end" }).click();
    await page.getByRole("button", { name: "Save the timeline" }).click();
    await look("account", "light");
    await page.getByLabel("EndTime").fill("never"); // Unsaved, in another form.
    const asked = new Promise((resolve) => page.once("dialog", async (d) => { await d.dismiss(); resolve(d.message()); }));
    await page.getByRole("button", { name: "503" }).click();
    seen.steps.asked = await asked;
    seen.steps.unsaved = await page.getByLabel("EndTime").inputValue();
    await page.reload();
    await page.getByLabel("To come").fill('[{"code": "Nonsense"}]');
    wrong = true;
    await page.getByRole("button", { name: "Save the faults" }).click();
    seen.steps.problem = await page.getByRole("alert").textContent();
    seen.steps.kept = await page.getByLabel("To come").inputValue();
    await look("account-problem");
    wrong = false;

    // A request is refused by the fault that was set.
    await page.goto(url + "explorer");
    await page.getByRole("button", { name: "Sign and send" }).click();
    seen.steps.fault = await page.locator("section:has(#answer) .status").textContent();

    // A signature is broken, and the difference is read.
    await page.getByLabel("Sign it").selectOption("host");
    await page.getByRole("button", { name: "Sign and send" }).click();
    await page.getByRole("link", { name: "See why it was refused" }).click();
    seen.steps.advice = await page.locator(".advice").textContent();
    seen.steps.marked = await page.locator(".differs mark").allTextContents();
    await look("request", "dark");
    await page.getByText("Compare with what your client signed").click();
    await page.getByLabel("Its canonical request or string to sign").fill("POST\n/\n\ncontent-type:application/json \n");
    await page.getByRole("button", { name: "Compare" }).click();
    seen.steps.pasted = await page.locator(".differs td:nth-child(2)").allTextContents();
    await look("request-pasted");

    // The explorer by the keyboard alone.
    await page.goto(url + "explorer");
    await page.keyboard.press("Tab");
    seen.steps.skip = await page.evaluate(() => document.activeElement.textContent);
    await page.getByLabel("Search the actions").focus();
    await page.keyboard.type("temporary credentials");
    seen.steps.found = await page.locator("#actions .choice:visible code").allTextContents();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.getByRole("radio", { name: "AssumeRole" }).check();
    seen.steps.parameters = await page.getByLabel("Parameters").inputValue();
    await page.getByLabel("Search the actions").fill("nothing of the kind");
    seen.steps.nothing = await page.locator("#no-actions").textContent();
    await page.getByLabel("Search the actions").fill("");
    await page.getByRole("radio", { name: "DescribeProVersionInfo" }).check();
    await page.getByRole("button", { name: "Sign and send" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Answer" }).waitFor();
    await look("explorer", "light");
    seen.steps.code = {};
    for (const name of ["go", "node", "python", "curl", "shell"]) {
      seen.steps.code[name] = await page.locator(`#code-${name} code`).textContent();
    }
    await page.locator("#code-curl summary").click();
    await page.locator("#code-curl button").click();
    await page.waitForFunction(() => document.querySelector("#code-curl button").textContent !== "Copy");
    seen.steps.copied = await page.locator("#code-curl button").textContent();

    // The clock is moved on, and the timeline has been played.
    await page.goto(url);
    await page.getByRole("button", { name: "+ 30 days" }).click();
    await page.getByRole("button", { name: "+ 1 day" }).click();
    seen.steps.clock = await page.locator("#now").textContent();
    seen.steps.status = await page.locator("tbody .status").first().textContent();
    await page.getByLabel("Set to").fill("soon");
    wrong = true;
    await page.getByRole("button", { name: "Set the clock" }).click();
    seen.steps.badClock = await page.getByRole("alert").textContent();
    wrong = false;
    await page.goto(url);
    await look("overview", "light");
    await page.setViewportSize({ width: 390, height: 800 });
    seen.steps.narrow = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    await page.goto(url + "explorer");
    await page.getByRole("button", { name: "Only sign" }).click();
    await page.waitForFunction(() => document.querySelector(".copyable button") &&
      [...document.querySelectorAll(".copyable")].every((c) => c.querySelector("button"))); // the script adds them
    seen.steps.covered = await page.evaluate(() => [...document.querySelectorAll(".copyable")].filter((c) => c.offsetParent).some((c) => {
      const [code, button] = [c.querySelector("pre"), c.querySelector("button")].map((n) => n.getBoundingClientRect());
      return button.top < code.bottom && code.top < button.bottom;
    }));
    seen.steps.narrowExplorer = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  } finally {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
  process.stdout.write(JSON.stringify(seen));
})();
