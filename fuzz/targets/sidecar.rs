#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| archive_fuzz::texts::sidecar(data));
