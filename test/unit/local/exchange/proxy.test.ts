import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalExchange, startExchange } from "#local/exchange/server";
import { generateTenant } from "#local/exchange/tenant/generate";
import { createAppClient } from "#test/support/app-client";
import { openTls, openTunnel } from "#test/support/http-client";

const tenant = generateTenant({ users: 1, groups: 0, seed: 1 });

let exchange: LocalExchange;

beforeAll(async () => {
  exchange = await startExchange({ tenant });
});

afterAll(() => exchange.stop());

test.each(["login.microsoftonline.com:443", "outlook.office365.com:443", "OUTLOOK.office365.com:443"])(
  "opens a tunnel to %s",
  async (target) => {
    const { status, socket } = await openTunnel(exchange.proxy, target);

    expect(status).toBe(200);
    socket.destroy();
  },
);

test.each([
  "example.com:443",
  "outlook.office365.com:80",
  "outlook.office365.com",
  "evil.outlook.office365.com:443",
  ":443",
])("opens no tunnel to %s, and says where it leads", async (target) => {
  const { status, text } = await openTunnel(exchange.proxy, target);

  expect(status).toBe(403);
  expect(text).toContain("login.microsoftonline.com:443 and outlook.office365.com:443 only");
});

test("answers a plain request with the way to use it", async () => {
  const response = await fetch(exchange.proxy);

  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toBe("CONNECT");
  expect(await response.text()).toContain("HTTPS_PROXY");
});

test("answers what is no HTTP with 400", async () => {
  const socket = openSocket();

  socket.write("\u0016\u0003\u0001 hello\r\n\r\n");

  expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 400 /);
});

test("survives clients that reset their connection at any step", async () => {
  const plain = openSocket();
  await once(plain, "connect");
  plain.resetAndDestroy();
  const { socket: inHandshake } = await openTunnel(exchange.proxy, "outlook.office365.com:443");
  inHandshake.write(Buffer.from([0x16, 0x03, 0x01]));
  inHandshake.resetAndDestroy();
  const { socket: garbled } = await openTunnel(exchange.proxy, "outlook.office365.com:443");
  garbled.write("GET / HTTP/1.1\r\n\r\n");
  const secure = await openTls(exchange.proxy, "outlook.office365.com", exchange.caCertificate);
  secure.write("POST /adminapi HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf");
  secure.destroy();

  const answer = await createAppClient(exchange).requestToken();

  expect(answer.status).toBe(200);
  garbled.destroy();
});

test("takes a TLS greeting that arrives together with the request for the tunnel", async () => {
  const socket = openSocket();
  let isFirst = true;
  const eager = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      const ahead = isFirst
        ? "CONNECT outlook.office365.com:443 HTTP/1.1\r\nHost: outlook.office365.com:443\r\n\r\n"
        : "";
      isFirst = false;
      socket.write(Buffer.concat([Buffer.from(ahead), chunk]), done);
    },
  });
  socket.once("data", (answer: Buffer) => {
    eager.push(answer.subarray(answer.indexOf("\r\n\r\n") + 4));
    socket.on("data", (chunk) => eager.push(chunk));
  });
  const secure = connectTls({ socket: eager, servername: "outlook.office365.com", ca: exchange.caCertificate });

  await once(secure, "secureConnect");

  expect(secure.authorized).toBe(true);
  socket.destroy();
});

test("ends open tunnels at once when it stops", async () => {
  const stopping = await startExchange({ tenant, faults: [{ name: "hang", path: "/" }] });
  const secure = await openTls(stopping.proxy, "outlook.office365.com", stopping.caCertificate);
  secure.on("error", () => {});
  secure.write("GET /hangs HTTP/1.1\r\nHost: outlook.office365.com\r\n\r\n");
  const closed = new Promise((resolve) => secure.once("close", resolve));

  await stopping.stop();

  await closed;
  await expect(openTunnel(stopping.proxy, "outlook.office365.com:443")).rejects.toThrow("ECONNREFUSED");
});

function openSocket(): Socket {
  const { hostname, port } = new URL(exchange.proxy);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  return socket;
}

async function readAll(socket: Socket): Promise<string> {
  let text = "";
  for await (const chunk of socket) text += chunk;
  return text;
}
