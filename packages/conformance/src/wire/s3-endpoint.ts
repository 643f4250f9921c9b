import { ConformanceError, reasonOf } from '../model/conformance-error.ts';
import { Answer } from './answer.ts';
import { signedForm, type S3Form } from './s3-form.ts';
import { signedRequest, type S3Account, type S3Request } from './s3-signing.ts';
import type { Transport, WireRequest } from './transport.ts';

/** An endpoint of S3. */
export class S3Endpoint {
  readonly #account: S3Account;
  readonly #send: Transport;

  constructor(account: S3Account, send: Transport) {
    this.#account = account;
    this.#send = send;
  }

  /** The same endpoint and account over another transport. */
  sendingBy(send: Transport): S3Endpoint {
    return new S3Endpoint(this.#account, send);
  }

  /** @throws ConformanceError `connection` if the request cannot be sent, or is not answered. */
  async request(request: S3Request, send = this.#send): Promise<Answer> {
    const signed = await this.#signed(request.method, () => signedRequest(request, this.#account));
    return new Answer(await send(signed));
  }

  /** Posts a form as a browser does. @throws ConformanceError `connection` */
  async postForm(form: S3Form): Promise<Answer> {
    const signed = await this.#signed('POST', () => signedForm(form, this.#account));
    return new Answer(await this.#send(signed));
  }

  async #signed(method: string, sign: () => WireRequest | Promise<WireRequest>): Promise<WireRequest> {
    try {
      return await sign();
    } catch (cause) {
      // A value that an earlier answer gave may be none that a request can carry.
      throw new ConformanceError('connection', `${method} cannot be sent: ${reasonOf(cause)}`, { cause });
    }
  }
}
