import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";

const httpsPort = "443";

export type Proxy = {
  url: string;
  /** Ends every tunnel, and takes no more. */
  stop(): Promise<void>;
};

/**
 * An HTTP proxy on a free port of 127.0.0.1 that speaks CONNECT. A tunnel to one of `hosts` is handed to `accept`;
 * no other is opened.
 */
export async function startProxy(
  hosts: readonly string[],
  accept: (host: string, socket: Socket) => void,
): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => refuseRequest(request, response, hosts));
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // A client may go away at any moment; there is nobody left to tell.
    socket.on("error", () => {});
  });
  server.on("clientError", (_error, socket) => answerInText(socket, 400, "This is no HTTP request."));
  server.on("connect", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const host = hostOf(request.url ?? "", hosts);
    if (host === undefined) {
      answerInText(socket, 403, describe(hosts));
      return;
    }
    socket.setNoDelay(true);
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    if (head.length > 0) socket.unshift(head);
    accept(host, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The played host that `host:443` names; undefined for any other host or port. */
function hostOf(target: string, hosts: readonly string[]): string | undefined {
  const separator = target.lastIndexOf(":");
  if (target.slice(separator + 1) !== httpsPort) return undefined;
  const asked = target.slice(0, separator).toLowerCase();
  return hosts.find((host) => host === asked);
}

function refuseRequest(request: IncomingMessage, response: ServerResponse, hosts: readonly string[]): void {
  request.resume();
  response.writeHead(405, { Allow: "CONNECT", "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
  response.end(`${describe(hosts)} Use it as HTTPS_PROXY.\n`);
}

function answerInText(socket: Duplex, status: number, sentence: string): void {
  if (!socket.writable) return;
  const body = `${sentence}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function describe(hosts: readonly string[]): string {
  return `This proxy of the local Exchange Online opens tunnels to ${hosts.map((host) => `${host}:${httpsPort}`).join(" and ")} only.`;
}
