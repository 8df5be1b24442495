import { Controller, Get } from '@nestjs/common';

@Controller('reports')
export class ReportsController {
  /** Fails, so that you see a page read the 500 instead of "Failed to fetch". */
  @Get('broken')
  broken() {
    throw new Error('The printer is out of paper.');
  }
}
