//! Prints a small year in every form and format, to be looked at: `print_sample DIR [FONT_DIR…]`. With
//! folders of fonts it uses these and the machine's, and the year has a volume of rare characters and
//! other scripts; without, the shipped font alone.

#[allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, clippy::type_complexity)]
#[path = "../tests/forms/sample.rs"]
mod sample;

use archive_catalogue::fonts::Fonts;
use archive_catalogue::forms::Form;
use archive_catalogue::print::{Format, Options, print};

#[allow(clippy::print_stderr)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).map(std::path::PathBuf::from);
    let dir = arguments.next().unwrap_or_else(|| "sample".into());
    let font_dirs: Vec<_> = arguments.collect();
    std::fs::create_dir_all(&dir)?;
    let mut sample = sample::Sample::small();
    let fonts = if font_dirs.is_empty() {
        Fonts::shipped()?
    } else {
        sample.many_scripts();
        Fonts::find(&font_dirs)?
    };
    let book = sample.book();
    for format in Format::ALL {
        let outcome = print(&Form::ALL, format, &book, &fonts, &Options::default())?;
        for finding in outcome.findings {
            eprintln!("{}", finding.message.zh);
        }
        for file in outcome.files {
            std::fs::write(dir.join(&file.file_name), &file.bytes)?;
        }
    }
    Ok(())
}
