import { Module } from '@nestjs/common';
import { CorsModule } from 'nestjs-cors';

const partners: { allows(origin: string): Promise<boolean> } = {
  allows: async (origin) => origin === 'https://partner.example',
};

@Module({ imports: [CorsModule.forRoot({ origin: (origin) => partners.allows(origin) })] })
export class PredicateModule {}
