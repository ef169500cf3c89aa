import { startApplication } from './application.ts';

startApplication();
