import { type Client, Metadata, type ServiceError } from "@grpc/grpc-js";
import { Status } from "./gen/google/rpc/status.js";

const asBuffer = (data: Uint8Array) => Buffer.from(data);

// rpc is what the generated clients call through: unary calls of grpc-js, each with a deadline and headers.
export const rpc = (client: Client, { seconds, ...headers }: { seconds: number; authorization?: string; "x-kakao-app"?: string }) => ({
  request: (service: string, method: string, data: Uint8Array) =>
    new Promise<Uint8Array>((resolve, reject) => {
      client.makeUnaryRequest(
        `/${service}/${method}`, asBuffer, asBuffer, data,
        Metadata.fromHttp2Headers(headers), { deadline: Date.now() + seconds * 1000 },
        (error, answer) => error ? reject(error) : resolve(answer!),
      );
    }),
});

// detail decodes the error's detail of one type, such as ErrorInfo; undefined where there is none.
export const detail = <T>(error: ServiceError, type: { $type: string; decode(data: Uint8Array): T }) =>
  error.metadata.get("grpc-status-details-bin")
    .flatMap((data) => Status.decode(data as Buffer).details)
    .filter(({ typeUrl }) => typeUrl.endsWith(`/${type.$type}`))
    .map(({ value }) => type.decode(value))[0];
