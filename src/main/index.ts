import { startApplication } from './electron/application.ts';

startApplication();
