import { Controller, Get } from '@nestjs/common';
import { Cors, DisableCors } from 'nestjs-cors';

/** For servers and for curl. No page of another origin has access, not even our own front end. */
@DisableCors()
@Controller('internal')
export class InternalController {
  @Get('metrics')
  metrics() {
    return { requestsPerSecond: 12 };
  }

  /** An exception: `@Cors()` opens this handler again, with the application-wide policy. */
  @Cors()
  @Get('health')
  health() {
    return { status: 'up' };
  }
}
