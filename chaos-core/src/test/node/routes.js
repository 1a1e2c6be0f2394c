// Drives a server through every route by toxiproxy-node-client. Arguments: the folder it is installed in, the server's URL.
const assert = require("node:assert/strict");
const net = require("node:net");
const path = require("node:path");

const [folder, url] = process.argv.slice(2);
const { Toxiproxy } = require(path.join(folder, "node_modules", "toxiproxy-node-client"));

const PATIENCE_MILLIS = 10_000;

/** A server that says what it hears. */
function echo() {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => socket.on("error", () => {}).pipe(socket));
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

/** How long an exchange through an address takes. */
function exchange(address) {
  const [host, port] = address.split(":");
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const socket = net.connect(Number(port), host, () => socket.write("hello"));
    socket.setTimeout(PATIENCE_MILLIS, () => socket.destroy(new Error("nothing came back")));
    socket.on("error", reject);
    socket.on("data", () => {
      resolve(performance.now() - started);
      socket.destroy();
    });
    socket.on("end", () => reject(new Error("it was closed")));
  });
}

async function main() {
  const server = await echo();
  const upstream = `127.0.0.1:${server.address().port}`;
  const toxiproxy = new Toxiproxy(url);

  assert.match(await toxiproxy.getVersion(), /2\.12\.0/);
  const proxy = await toxiproxy.createProxy({ name: "echo", listen: "localhost:0", upstream });
  await assert.rejects(toxiproxy.createProxy({ name: "echo", listen: "localhost:0", upstream }), /409/);
  await assert.rejects(toxiproxy.get("none"), /404/);
  await exchange(proxy.listen);

  const slow = await proxy.addToxic({
    name: "slow", type: "latency", stream: "downstream", toxicity: 1, attributes: { latency: 300, jitter: 0 },
  });
  assert.ok((await exchange(proxy.listen)) >= 295);
  assert.deepEqual((await proxy.getToxic("slow")).attributes, { latency: 300, jitter: 0 });
  const changed = await slow.update({ attributes: { latency: 0 }, toxicity: 0.5 });
  assert.equal(changed.toxicity, 0.5);
  await slow.remove();
  await assert.rejects(proxy.getToxic("slow"), /404/);

  const all = {
    bandwidth: { rate: 1000 },
    slow_close: { delay: 1 },
    timeout: { timeout: 60000 },
    slicer: { average_size: 2, size_variation: 1, delay: 1 },
    limit_data: { bytes: 1000 },
    reset_peer: { timeout: 60000 },
  };
  for (const [type, attributes] of Object.entries(all)) {
    const toxic = await proxy.addToxic({ name: "t", type, stream: "upstream", toxicity: 0.5, attributes });
    assert.deepEqual(toxic.attributes, attributes);
    await toxic.remove();
  }
  await assert.rejects(proxy.addToxic({ name: "t", type: "down", attributes: {} }), /400/);

  const down = await proxy.update({ enabled: false, listen: proxy.listen, upstream });
  assert.equal(down.enabled, false);
  await assert.rejects(exchange(proxy.listen), /ECONNREFUSED/);
  await toxiproxy.reset();
  assert.equal((await toxiproxy.get("echo")).enabled, true);
  await exchange(proxy.listen);

  const populated = await toxiproxy.populate([
    { name: "one", listen: "localhost:0", upstream },
    { name: "two", listen: "localhost:0", upstream, enabled: false },
  ]);
  await exchange(populated.one.listen);
  assert.deepEqual(Object.keys(await toxiproxy.getAll()), ["echo", "one", "two"]);
  await populated.one.remove();
  await populated.two.remove();
  await proxy.remove();
  assert.deepEqual(await toxiproxy.getAll(), {});
  server.close();
}

main().then(
  () => {
    console.log("every route answered as expected");
    process.exit(0);
  },
  (failure) => {
    console.log(failure);
    process.exit(1);
  },
);
