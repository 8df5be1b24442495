import { Controller, Get, InternalServerErrorException } from '@nestjs/common';

@Controller('reports')
export class ReportsController {
  /** Fails. The page reads the status 500 instead of "Failed to fetch", because errors carry CORS headers too. */
  @Get('broken')
  broken() {
    // Nest logs the stack of every other error. This one is expected.
    throw new InternalServerErrorException('The printer is out of paper.');
  }
}
