//! Prints a large year and says how long it took: `print_many [VOLUMES] [ITEMS_EACH]`.

#[allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, clippy::type_complexity)]
#[path = "../tests/forms/sample.rs"]
mod sample;

use std::time::Instant;

use archive_catalogue::fonts::Fonts;
use archive_catalogue::forms::Form;
use archive_catalogue::print::{Format, Options, print};
use archive_core::model::{RetentionPeriod, Side};

#[allow(clippy::print_stdout, clippy::cast_precision_loss)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next =
        |otherwise: usize| arguments.next().and_then(|word| word.parse().ok()).unwrap_or(otherwise);
    let (volumes, each) = (next(1000), next(20));
    let mut sample = sample::Sample::empty();
    for number in 0..volumes {
        let titles: Vec<String> = (0..each)
            .map(|item| {
                format!("临江县人民政府办公室转发江州市人民政府办公厅关于进一步加强第{number}号重点行业和领域安全生产专项整治第{item}阶段工作的实施意见的通知")
            })
            .collect();
        let items: Vec<_> = titles
            .iter()
            .map(|title| ("临政办发", 105, "临江县人民政府办公室", title.as_str(), (2004, 11, 3), 4, None))
            .collect();
        sample.volume(RetentionPeriod::Permanent, Side::Government, &titles[0], &items);
    }
    let started = Instant::now();
    let fonts = Fonts::shipped()?;
    println!("fonts {:?}", started.elapsed());
    let book = sample.book();
    for (form, format) in [
        (Form::Contents, Format::Pdf),
        (Form::Full, Format::Pdf),
        (Form::Contents, Format::Xlsx),
        (Form::Items, Format::Xlsx),
        (Form::Contents, Format::Csv),
        (Form::Contents, Format::Ead),
    ] {
        let started = Instant::now();
        let files = print(&[form], format, &book, &fonts, &Options::default())?.files;
        let seconds = started.elapsed().as_secs_f64();
        let pages: usize = files.iter().filter_map(|file| file.pages).sum();
        let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
        println!(
            "{form} {format:?}: {seconds:.2} s, {pages} pages, {:.0} pages/s, {bytes} bytes",
            pages as f64 / seconds
        );
    }
    Ok(())
}
