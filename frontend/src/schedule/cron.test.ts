import { expect, test } from "vitest";

import { inWords } from "./cron.ts";

test.each([
  ["* * * * *", "Every minute"],
  ["*/1 * * * *", "Every minute"],
  ["*/15 * * * *", "Every 15 minutes"],
  ["0 * * * *", "Every hour, on the hour"],
  ["1 * * * *", "Every hour, 1 minute past"],
  ["30 * * * *", "Every hour, 30 minutes past"],
  ["0 */6 * * *", "Every 6 hours"],
  ["5 */6 * * *", "Every 6 hours, 5 minutes past"],
  ["0 9 * * *", "Every day at 09:00"],
  ["5 9,17 * * *", "Every day at 09:05 and 17:05"],
  ["0 9 * * MON-FRI", "Monday to Friday at 09:00"],
  ["0 9 * * 1-5", "Monday to Friday at 09:00"],
  ["*/5 * * * sat", "Every 5 minutes, every Saturday"],
  ["0 9 * * 0", "Every Sunday at 09:00"],
  ["0 9 * * 7", "Every Sunday at 09:00"],
  ["0 9 * * 1,3,FRI", "Every Monday, Wednesday and Friday at 09:00"],
  ["0 0 1 * *", "On the 1st of each month at 00:00"],
  ["0 0 12 * *", "On the 12th of each month at 00:00"],
  ["0 0 23 * *", "On the 23rd of each month at 00:00"],
  ["30 8 L * *", "On the last day of each month at 08:30"],
  ["0 0 1 JAN *", "On the 1st of January at 00:00"],
  ["  0   9 * * *  ", "Every day at 09:00"],
])("%s is %s", (cron, words) => {
  expect(inWords(cron)).toBe(words);
});

test.each([
  ...["", "nonsense", "0 9 * *", "60 9 * * *", "0 24 * * *", "*/7 * * * *", "0 */5 * * *", "0 9 13 * FRI"],
  ...["0 9 * * MON#2", "0-10 9 * * *", "0 9 0 * *", "0 9 1 13 *", "0 9 1 0 *", "3-59/5 * * * *", "0 9 * 6 *"],
  ...["0 9 * * 8", "*/0 * * * *", "0 9 1 * * *"],
])("%j stays as it is", (cron) => {
  expect(inWords(cron)).toBe(cron);
});
