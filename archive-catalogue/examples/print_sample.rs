//! Prints a small year in every form and format, to be looked at: `print_sample DIR [--system-fonts]`.

#[allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, clippy::type_complexity)]
#[path = "../tests/forms/sample.rs"]
mod sample;

use archive_catalogue::fonts::Fonts;
use archive_catalogue::forms::Form;
use archive_catalogue::print::{Format, Options, print};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let dir = std::path::PathBuf::from(arguments.next().unwrap_or_else(|| "sample".to_owned()));
    let fonts = if arguments.next().is_some() { Fonts::find(&[])? } else { Fonts::shipped()? };
    std::fs::create_dir_all(&dir)?;
    let sample = sample::Sample::small();
    let book = sample.book();
    for format in Format::ALL {
        for file in print(&Form::ALL, format, &book, &fonts, &Options::default())?.files {
            std::fs::write(dir.join(&file.file_name), &file.bytes)?;
        }
    }
    Ok(())
}
