// Signs in with a token, checks, mutes and unmutes an account and a channel,
// finds an account and signs out, as somebody does in the morning. It works
// against any server of the page, so that the whole of prowatch can be tested
// with it, too.
import { browse, input } from "./browse.mjs";

const { browser, url, token, account, channel } = await input();

const seen = await browse(browser, "", async ({ page, seen, look }) => {
  const said = async (press) => {
    await Promise.all([page.waitForNavigation(), press.click()]);
    await page.waitForFunction(() => document.querySelector(".news")?.textContent);
    return page.locator(".news").textContent();
  };
  const at = () => new URL(page.url()).pathname + new URL(page.url()).search;
  const steps = seen.steps;

  await page.goto(url + "/login");
  await look("login");
  await page.getByLabel("Token").fill(token);
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Sign in" }).click()]);
  steps.signedIn = at();
  await look("overview");
  steps.checked = await said(page.getByRole("button", { name: "Check all now" }));

  await page.getByLabel("Search").fill(account);
  await page.getByLabel("Search").press("Enter");
  await page.waitForURL(/q=/);
  await page.getByRole("link", { name: account, exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: account }).waitFor();
  await page.getByLabel("Reason").fill("moved to <b>another</b> account");
  steps.muted = await said(page.getByRole("button", { name: "Mute", exact: true }));
  steps.reason = await page.locator(".facts .muted").textContent();
  await look("account");
  steps.unmuted = await said(page.getByRole("button", { name: "Unmute" }));
  steps.checkedOne = await said(page.getByRole("button", { name: "Check now" }));

  await page.goto(url + "/");
  const entry = page.locator(".channels > li", { has: page.locator("b", { hasText: channel }) });
  await entry.locator("summary").click();
  await entry.getByLabel("For").selectOption("7d");
  steps.mutedChannel = await said(entry.getByRole("button", { name: "Mute", exact: true }));
  steps.unmutedChannel = await said(page.getByRole("button", { name: "Unmute " + channel }));

  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Sign out" }).click()]);
  steps.signedOut = at();
});
process.stdout.write(JSON.stringify(seen));
