import { Controller, Get } from '@nestjs/common';
import { Cors, DisableCors } from 'nestjs-cors';

@DisableCors()
@Controller('status')
export class StatusController {
  @Get()
  status(): string {
    return 'well';
  }

  @Cors('tenants')
  @Get('tenant')
  tenant(): string {
    return 'a tenant';
  }
}
