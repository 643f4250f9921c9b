#!/usr/bin/env node
// The built command is made by the build; this file is there from the start, so that installing can link it.
import '../dist/main.js';
