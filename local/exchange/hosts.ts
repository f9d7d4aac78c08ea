import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { Socket } from "node:net";
import type { ExchangeEnvironment } from "#exchange/clouds";
import type { CertificateAuthority } from "#local/exchange/certificate";

/** The hosts that clients sign in at. */
export function signInHostsOf({ signInHost, preferredNetwork }: ExchangeEnvironment): readonly string[] {
  return [signInHost, preferredNetwork];
}

/** What a token for Exchange is asked for, and made out to. */
export function exchangeResource(environment: ExchangeEnvironment): string {
  return `https://${environment.exchangeHost}`;
}

/** Idle connections stay open for long, so that no request meets one that is just being closed. */
const keepAliveMs = 120_000;
/** A filter of many terms makes a long request line. */
const maximumHeaderBytes = 64 * 1024;

/** Takes a request to one of the hosts. `reset` ends its connection at once, as a network does. */
export type HandleRequest = (
  host: string,
  request: IncomingMessage,
  response: ServerResponse,
  reset: () => void,
) => void;

export type Hosts = {
  /** Speaks TLS with the client at the other end of a tunnel, as that host. */
  accept(host: string, socket: Socket): void;
};

/** A TLS server for each host, with a certificate of its own. None listens: sockets come from the proxy. */
export function createHosts(names: readonly string[], authority: CertificateAuthority, handle: HandleRequest): Hosts {
  const servers = new Map<string, Server>();
  const tunnels = new Map<number, Socket>();
  for (const host of names) {
    const server = createTlsServer(host, authority);
    server.on("request", (request, response) => {
      const { remotePort = 0 } = request.socket;
      handle(host, request, response, () => tunnels.get(remotePort)?.resetAndDestroy());
    });
    servers.set(host, server);
  }
  return {
    accept: (host, socket) => {
      const { remotePort = 0 } = socket;
      tunnels.set(remotePort, socket);
      socket.once("close", () => tunnels.delete(remotePort));
      servers.get(host)?.emit("connection", socket);
    },
  };
}

function createTlsServer(host: string, authority: CertificateAuthority): Server {
  const { pem, privateKey } = authority.issueServerCertificate(host);
  const server = createServer({
    key: privateKey,
    cert: `${pem}${authority.pem}`,
    ALPNProtocols: ["http/1.1"],
    maxHeaderSize: maximumHeaderBytes,
    keepAliveTimeout: keepAliveMs,
  });
  // Clients that break off, or do not trust the certificate, are theirs to worry about.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
}
