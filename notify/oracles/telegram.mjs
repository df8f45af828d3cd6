// Is the bot API on a port of this machine, by telegram-test-api, which it says,
// until its input ends; then prints the messages that it took, as JSON.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { createServer } from "node:net";

const TelegramServer = createRequire(import.meta.url)("telegram-test-api");

const port = await new Promise((free) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => free(port));
  });
});
const server = new TelegramServer({ port, host: "127.0.0.1" });
await server.start();
console.log(JSON.stringify(`127.0.0.1:${port}`));

for await (const _ of createInterface({ input: process.stdin }));
const taken = server.storage.botMessages.map(({ botToken, message }) => ({ botToken, ...message }));
await new Promise((done) => process.stdout.write(JSON.stringify(taken), done));
process.exit();
