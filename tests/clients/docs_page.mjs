// The API's page in a real browser: it shows the API, and asks nobody but the server.
//
//   node docs_page.mjs http://127.0.0.1:7480
import { chromium } from "playwright-core";

const base = process.argv[2];
const browser = await chromium.launch({
  executablePath: process.env.LEYE_CHROMIUM,
  args: ["--no-sandbox", "--no-proxy-server", "--disable-dev-shm-usage"],
});
try {
  const tab = await browser.newPage();
  tab.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !url.startsWith("data:")) console.log(`outside: ${url}`);
  });
  tab.on("pageerror", (error) => console.log(`error: ${error.message}`));
  await tab.goto(`${base}/docs`);
  await tab.waitForSelector("text=RankCandidates");
  console.log(await tab.title());
} finally {
  await browser.close();
}
