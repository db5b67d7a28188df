// @ts-check
// The short code: five of 64 drawn things with short names that sound unlike each other, 30 bits in all.

const WORDS = `
  anchor apple banana bell bike turtle trophy book wheat cake candy rainbow carrot castle cat cherry cloud clover cup
  cookie crown diamond dice dog drum ear egg feather fish flag flame flower gift glasses guitar hammer heart
  house key lamp leaf magnet moon mountain music panda phone piano pizza plane puzzle rabbit rocket tractor
  scissors shell shirt snail snowflake squirrel star sun train umbrella
`.trim().split(/\s+/);

/** @param {number[]} code @returns {string[]} */
export const wordsOf = (code) => code.map((number) => WORDS[number]);
