// Visits the page as a person would, and prints what was seen.
import { browse, input } from "./browse.mjs";

const { browser, shots, fleets, hostile } = await input();
const rows = (page) => page.locator(".accounts tbody tr:visible").count();


const seen = await browse(browser, shots, async ({ page, seen, look, fits, shoot }) => {
  const steps = seen.steps;
  const choose = async (label, value) => {
    await page.getByLabel(label).focus();
    await page.getByLabel(label).selectOption(value);
  };
  const news = async () => {
    await page.waitForFunction(() => document.querySelector(".news").textContent !== "");
    return page.locator(".news").textContent();
  };

  // Every size of a fleet, in both languages and colours, wide and narrow.
  steps.tooWide = [];
  const narrow = async (name) => {
    for (const width of [1060, 840, 320, 360]) {
      await page.setViewportSize({ width, height: 740 });
      if (!(await fits())) steps.tooWide.push(`${name} at ${width}`);
    }
  };
  for (const [n, url] of Object.entries(fleets)) {
    for (const [lang, scheme] of [["en", "light"], ["zh", "dark"], ["en", "dark"], ["zh", "light"]].slice(0, n === "12" ? 4 : 2)) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width: 1280, height: 900 });
      for (const [name, path] of [["overview", "/"], ["account", "/accounts/acme-edge-005"], ["login", "/login"]]) {
        if (name !== "overview" && n !== "12") continue;
        await page.goto(url + path + "?lang=" + lang);
        await look(`${name} of ${n}, ${lang}, ${scheme}`);
        await narrow(`${name} of ${n}, ${lang}`);
        if (lang === "en" && scheme === "light") await look(`${name} of ${n}, narrow`);
        await page.setViewportSize({ width: 1280, height: 900 });
      }
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  const [few, many] = [fleets["12"], fleets["500"]];

  // Words are found as they are typed where all accounts are on the page.
  await page.goto(few + "/");
  await page.getByLabel("Search").pressSequentially("edge data");
  steps.typed = await rows(page);
  await page.waitForFunction(() => document.querySelector(".found").textContent === "1 of 12");
  await page.goto(few + "/");
  const compose = (event) => page.evaluate(([name, of]) => {
    const q = document.querySelector(".filter [name=q]");
    q.value = "edge data";
    q.dispatchEvent(name === "input" ? new InputEvent(name, of) : new CompositionEvent(name, of));
  }, event);
  await compose(["input", { isComposing: true }]); // as Chinese is typed
  steps.composing = await rows(page);
  await compose(["compositionend", {}]);
  steps.composed = await rows(page);
  await page.goto(few + "/");
  await Promise.all([page.waitForNavigation(), choose("Status", "need")]);
  steps.chosen = await rows(page);
  steps.link = new URL(page.url()).search;
  steps.focus = await page.evaluate(() => document.activeElement.name);

  // Otherwise the server finds them, and one can go on typing.
  await page.goto(many + "/");
  await Promise.all([page.waitForNavigation(), page.getByLabel("Search").pressSequentially("acme-edge-49")]);
  await page.waitForLoadState();
  await page.keyboard.type("7");
  await page.waitForURL(/q=acme-edge-497/);
  steps.found = await page.locator(".accounts tbody th a").allTextContents();
  await page.goto(many + "/");
  await page.getByRole("link", { name: "More accounts" }).click();
  steps.second = await page.locator(".found").textContent();

  // The keyboard alone: the skip link, then the button that checks.
  await page.goto(few + "/");
  await page.keyboard.press("Tab");
  steps.skip = await page.evaluate(() => document.activeElement.textContent);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  steps.first = await page.evaluate(() => document.activeElement.textContent);
  steps.outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  const posts = [];
  page.on("request", (r) => { if (r.method() === "POST") posts.push(new URL(r.url()).pathname + "?" + r.postData()); });
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  steps.checked = await news();

  // One can walk through the whole page and out of it.
  steps.stops = 0;
  for (await page.goto(few + "/"); steps.stops < 300; steps.stops++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement === document.body || document.activeElement.textContent === "Calendar of all ends")) break;
  }

  // An account and a channel are muted.
  await page.goto(few + "/accounts/acme-edge-011?lang=zh");
  await page.getByLabel("原因").fill("变更窗口");
  await page.getByLabel("时长").selectOption("4h");
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "静默", exact: true }).click()]);
  steps.muted = await news();
  await page.goto(few + "/");
  await page.locator("summary", { hasText: "Mute" }).first().click();
  await page.locator(".channels").getByLabel("Hold urgent notices, too").first().check();
  await Promise.all([page.waitForNavigation(), page.locator(".channels").getByRole("button", { name: "Mute", exact: true }).first().click()]);
  await page.getByRole("button", { name: "Unmute mail" }).click();
  await page.waitForURL(/done=unmuted/);
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Sign out" }).click()]);
  steps.posts = posts.map((p) => decodeURIComponent(p.replace(/\+/g, " ")));

  // An account's page.
  await page.goto(few + "/accounts/acme-edge-005");
  steps.badge = await page.getByRole("img", { name: "The badge of this account" }).evaluate((i) => i.naturalWidth);
  steps.bar = await page.locator("svg.wide").getAttribute("aria-label");
  await page.getByRole("button", { name: "Copy" }).waitFor();

  // On paper there is nothing to press.
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  steps.printed = await page.locator("button:visible, input:visible, select:visible").count();
  steps.ink = await page.evaluate(() => getComputedStyle(document.body).color);
  await page.emulateMedia({ media: "screen", colorScheme: "light" });

  // What others wrote stays text.
  await page.goto(hostile);
  steps.hostile = await page.evaluate(() => [typeof window.evil, document.querySelectorAll("main i, main script").length].join(" "));
  await look("hostile");
  await narrow("hostile");

  // Pictures.
  await page.setViewportSize({ width: 1280, height: 1000 });
  await page.goto(many + "/");
  await shoot("overview");
  await page.goto(few + "/accounts/acme-edge-005");
  await shoot("account");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(many + "/?lang=zh");
  await shoot("overview-zh");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 360, height: 1200 });
  await page.goto(few + "/");
  await shoot("phone");
  await page.setViewportSize({ width: 640, height: 480 });
  await page.goto(few + "/login");
  await shoot("login");
});

// Without a script the filters are a form.
const plain = await browse(browser, "", async ({ page, seen }) => {
  await page.goto(fleets["500"] + "/");
  await page.getByLabel("Search").fill("payments");
  await page.getByLabel("Severity").selectOption("critical");
  await page.getByRole("button", { name: "Apply" }).click();
  seen.steps.rows = await rows(page);
  await page.getByRole("link", { name: "Show all" }).click();
  seen.steps.all = await page.locator(".found").textContent();
  await page.getByRole("button", { name: "Check all now" }).click();
  seen.steps.said = await page.getByRole("status").first().textContent();
}, { javaScriptEnabled: false });
seen.errors.push(...plain.errors);
seen.steps.plain = plain.steps;
process.stdout.write(JSON.stringify(seen));
