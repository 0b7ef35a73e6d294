//! What a line says: its piece of the picture, laid straight and made 48 pixels high, goes through a network
//! that gives for each eighth of a letter's height which letter stands there, if any does.

use rten::{Model, NodeId};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};

use super::detect::LineBox;
use super::pixels::Grey;

/// The height of a line, in pixels.
const HIGH: usize = 48;
/// Lines are filled up to multiples of this, and shorter ones to [`SHORTEST`].
const STEP: usize = 32;
const SHORTEST: usize = 320;
/// A line longer than this is no line.
const LONGEST: usize = 4_800;
/// The name under which the model carries its letters, one a line.
const DICTIONARY: &str = "character";

/// The network that reads lines.
pub(super) struct LetterReader {
    model: Model,
    input: NodeId,
    letters: Vec<String>,
}

impl LetterReader {
    pub(super) fn new(bytes: Vec<u8>) -> Result<Self, String> {
        let model = Model::load(bytes).map_err(|error| error.to_string())?;
        let input = *model.input_ids().first().ok_or("the model takes nothing")?;
        let carried = model.metadata().fields().find(|(name, _)| *name == DICTIONARY);
        let carried = carried.map(|(_, letters)| letters.to_owned()).ok_or("the model has no letters")?;
        let mut letters: Vec<String> =
            carried.split('\n').map(|one| one.trim_end_matches('\r').to_owned()).collect();
        if letters.last().is_some_and(String::is_empty) {
            letters.pop();
        }
        letters.push(" ".to_owned());
        Ok(Self { model, input, letters })
    }

    /// What a line says and how sure that is, on average over its letters; nothing if it says nothing.
    pub(super) fn read(&self, picture: &Grey, line: &LineBox) -> Result<Option<(String, f32)>, String> {
        let Some((plane, width)) = straight(picture, line) else { return Ok(None) };
        let input = NdTensor::from_data([1, 3, HIGH, width], plane.repeat(3));
        let answer = self
            .model
            .run(vec![(self.input, input.view().into())], self.model.output_ids(), None)
            .map_err(|error| error.to_string())?;
        let answer = answer.into_iter().next().ok_or("the model gives nothing")?;
        let answer: Tensor<f32> = answer.try_into().map_err(|_| "the model gives no numbers".to_owned())?;
        // Nothing, the letters, and a blank.
        let kinds = self.letters.len() + 1;
        if answer.shape().last() != Some(&kinds) {
            return Err("the model gives another number of letters".to_owned());
        }
        Ok(self.spelled(&answer.to_vec(), kinds))
    }

    /// A letter that stands for several steps is one; nothing between two parts them.
    fn spelled(&self, steps: &[f32], kinds: usize) -> Option<(String, f32)> {
        let mut text = String::new();
        let (mut sum, mut count) = (0.0, 0.0);
        let mut before = 0;
        for step in steps.chunks_exact(kinds) {
            let best = step.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
            let Some((kind, &sure)) = best else { continue };
            if kind > 0 && kind != before {
                text.push_str(self.letters.get(kind - 1).map_or("", String::as_str));
                sum += sure;
                count += 1.0;
            }
            before = kind;
        }
        let text = text.trim().to_owned();
        (!text.is_empty()).then(|| (text, sum / count))
    }
}

/// A line laid straight, as the network takes it, and its width. A column is laid on its side, its head to
/// the left.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes within a picture")]
#[expect(clippy::cast_precision_loss, reason = "sizes within a picture")]
fn straight(picture: &Grey, line: &LineBox) -> Option<(Vec<f32>, usize)> {
    let (cos, sin) = line.along;
    // Which way a step to the right and a step down in the line go in the picture.
    let (right, down, length, height) = if line.is_column() {
        ((-sin, cos), (-cos, -sin), line.height, line.width)
    } else {
        ((cos, sin), (-sin, cos), line.width, line.height)
    };
    let scale = height / HIGH as f32;
    if scale <= 0.0 || !scale.is_finite() {
        return None;
    }
    let wide = (length / scale).round() as usize;
    if wide == 0 || wide > LONGEST {
        return None;
    }
    let width = wide.max(SHORTEST).div_ceil(STEP) * STEP;
    // Where several pixels become one, their average does.
    let fine = (scale.ceil() as usize).clamp(1, 4);
    let mut plane = vec![0.0; width * HIGH];
    for row in 0..HIGH {
        for column in 0..wide {
            let mut sum = 0.0;
            for part in 0..fine * fine {
                let inside = |part: usize| (part as f32 + 0.5) / fine as f32;
                let x = (column as f32 + inside(part % fine)) * scale - length / 2.0;
                let y = (row as f32 + inside(part / fine)) * scale - height / 2.0;
                let place = (line.x + x * right.0 + y * down.0, line.y + x * right.1 + y * down.1);
                sum += picture.between(place.0 - 0.5, place.1 - 0.5);
            }
            let shade = sum / (fine * fine) as f32;
            if let Some(there) = plane.get_mut(row * width + column) {
                *there = shade / 127.5 - 1.0;
            }
        }
    }
    Some((plane, width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_laid_down_with_its_head_to_the_left() {
        // Dark at the top, light below.
        let (width, height) = (48, 480);
        let shades = (0..width * height).map(|at| if at / width < 240 { 0 } else { 255 }).collect();
        let picture = Grey { width, height, shades };
        let line = LineBox { x: 24.0, y: 240.0, along: (1.0, 0.0), width: 48.0, height: 480.0 };
        let (plane, wide) = straight(&picture, &line).unwrap();
        assert_eq!((wide, plane.len()), (480, 480 * 48));
        assert!(plane[24 * wide + 100] < -0.9 && plane[24 * wide + 400] > 0.9);
    }
}
