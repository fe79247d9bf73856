import { runService } from '@strata/service-runtime';
import { createApp } from './app';
import { version } from './package.json';
import { settings } from './settings';

void runService({ service: 'app-was', version, settings, createApp });
