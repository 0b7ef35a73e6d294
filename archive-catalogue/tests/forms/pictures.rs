//! Forms as pictures: drawn from the PDF by a reader that isn't ours, and looked at from far away.
//!
//! Each character of a picture is a field of some eight by fifteen millimetres, the darker the more ink is on it.
//! So a form that moved, lost its lines or its text shows at once in the difference, to eyes as well as to the test.

use std::sync::Arc;

use archive_catalogue::fonts::Fonts;
use archive_catalogue::forms::Form;
use archive_catalogue::print::{Format, Options, print};
use archive_core::profile::{CoverPaper, Method};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use crate::sample::Sample;

/// How much of a field is ink, from none to a fifth and more.
const SHADES: [char; 6] = ['·', '░', '▒', '▓', '█', '■'];
/// Millimetres of a field, and dots a millimetre.
const FIELD: (usize, usize) = (6, 9);
const DOTS: u8 = 3;

/// The first page of a form's first file.
fn picture(sample: &Sample, form: Form) -> String {
    let fonts = Fonts::shipped().unwrap();
    let files = print(&[form], Format::Pdf, &sample.book(), &fonts, &Options::default()).unwrap().files;
    let pdf = Pdf::new(files[0].bytes.clone()).unwrap();
    let scale = f32::from(DOTS) * 25.4 / 72.0;
    let settings = InterpreterSettings { warning_sink: Arc::new(|_| {}), ..InterpreterSettings::default() };
    let size = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let page = pdf.pages().first().unwrap();
    let drawn = render(page, &RenderCache::new(), &settings, &RenderSettings::default(), &size);
    let (width, height) = (usize::from(drawn.width()), usize::from(drawn.height()));
    let dots = drawn.data();
    let (wide, high) = (FIELD.0 * usize::from(DOTS), FIELD.1 * usize::from(DOTS));
    let mut lines = Vec::new();
    for top in (0..height).step_by(high) {
        let mut line = String::new();
        for left in (0..width).step_by(wide) {
            let field = (top..(top + high).min(height))
                .flat_map(|y| (left..(left + wide).min(width)).map(move |x| y * width + x));
            let ink: usize = field.map(|at| 255 - usize::from(dots[at].g)).sum();
            let share = ink * 100 / (wide * high * 255);
            line.push(SHADES[share.div_ceil(4).min(SHADES.len() - 1)]);
        }
        lines.push(line.trim_end_matches('·').to_owned());
    }
    lines.join("\n").trim_end().to_owned()
}

#[test]
fn forms_look_as_they_did() {
    let sample = Sample::small();
    for form in [Form::Cover, Form::Spine, Form::Contents, Form::Note, Form::Items, Form::Names] {
        insta::assert_snapshot!(format!("picture of {form}"), picture(&sample, form));
    }
}

#[test]
fn covers_of_other_paper_and_for_printed_covers_look_as_they_did() {
    let mut sample = Sample::small();
    sample.profile.forms.cover = CoverPaper::Hard;
    insta::assert_snapshot!("picture of a hard cover", picture(&sample, Form::Cover));
    sample.profile.forms.preprinted_cover = true;
    insta::assert_snapshot!("picture of a printed cover filled in", picture(&sample, Form::Cover));
}

#[test]
fn boxes_of_the_item_method_look_as_they_did() {
    let mut sample = Sample::small();
    sample.profile.volumes.method = Method::Item;
    for form in [Form::Box, Form::BoxNote, Form::Stamp] {
        insta::assert_snapshot!(format!("picture of {form}, by items"), picture(&sample, form));
    }
}

#[test]
fn a_form_that_changes_is_seen() {
    let sample = Sample::small();
    let mut other = Sample::small();
    other.arrangement.volumes[0].title = "通知".to_owned();
    assert_ne!(picture(&sample, Form::Cover), picture(&other, Form::Cover));
}
