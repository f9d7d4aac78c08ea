import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { Socket } from "node:net";
import type { CertificateAuthority } from "#local/exchange/certificate-authority";

/** Idle connections stay open as long as Exchange Online's do; a client's request never meets one that just closes. */
const keepAliveMs = 120_000;
/** Headers of filters with many terms make the request line long. */
const maximumHeaderBytes = 64 * 1024;

export type Hosts = {
  /** Speaks TLS with a client on a tunnel's socket, as that host. */
  accept(host: string, socket: Socket): void;
};

/** A TLS server for each host, with a certificate of its own. None listens: sockets come from the proxy. */
export async function createHosts(
  names: readonly string[],
  authority: CertificateAuthority,
  handle: (host: string, request: IncomingMessage, response: ServerResponse) => void,
): Promise<Hosts> {
  const servers = new Map<string, Server>();
  await Promise.all(
    names.map(async (host) => {
      const { pem, privateKey } = await authority.issueServerCertificate(host);
      const options = { key: privateKey, cert: [pem, authority.pem].join(""), ALPNProtocols: ["http/1.1"] };
      const server = createServer({ ...options, maxHeaderSize: maximumHeaderBytes, keepAliveTimeout: keepAliveMs });
      server.on("request", (request, response) => handle(host, request, response));
      // Clients that break off, or do not trust the certificate, are theirs to worry about.
      server.on("tlsClientError", (_error, socket) => socket.destroy());
      server.on("clientError", (_error, socket) => socket.destroy());
      servers.set(host, server);
    }),
  );
  return {
    accept: (host, socket) => {
      servers.get(host)?.emit("connection", socket);
    },
  };
}
