//! Whatever loads is compiled, with its cases, or refused with a place.
#![no_main]

#[path = "../../tests/it/fuzzed/attempt.rs"]
#[allow(dead_code)]
mod attempt;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = attempt::compile(bytes);
});
