import { Controller, type MessageEvent, Sse } from '@nestjs/common';
import { interval, map, type Observable, take } from 'rxjs';

@Controller('events')
export class EventsController {
  /** The CORS headers of a stream are sent with its head, before the first event. */
  @Sse()
  events(): Observable<MessageEvent> {
    return interval(150).pipe(
      take(3),
      map((index) => ({ data: { step: index + 1, of: 3 } })),
    );
  }
}
