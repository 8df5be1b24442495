import { Body, Controller, Post } from '@nestjs/common';
import { Cors } from 'nestjs-cors';

@Controller('feedback')
export class FeedbackController {
  #received = 0;

  /**
   * A form is sent without a preflight, from any page. Without `enforce` the handler would run for all of them, and only
   * the answer would be kept from those that are not allowed.
   */
  @Cors({ enforce: 'unsafe-methods' })
  @Post()
  add(@Body() body: { text?: unknown } | undefined) {
    this.#received += 1;
    return { received: this.#received, text: String(body?.text ?? '') };
  }
}
