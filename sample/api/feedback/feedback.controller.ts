import { Body, Controller, Post } from '@nestjs/common';
import { Cors } from 'nestjs-cors';

@Controller('feedback')
export class FeedbackController {
  #received = 0;

  /**
   * Any page can send a form without a preflight. Without `enforce` the handler would run for every page. Disallowed
   * pages could only not read the answer.
   */
  @Cors({ enforce: 'unsafe-methods' })
  @Post()
  add(@Body() body: { text?: unknown } | undefined) {
    this.#received += 1;
    return { received: this.#received, text: String(body?.text ?? '') };
  }
}
