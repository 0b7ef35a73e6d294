//! Readers that other libraries wrote, run apart: in a process of their own, with a bound on time and memory.
//!
//! A file may be made to bring its reader down: a stack that overflows or memory that runs out ends the whole
//! process, and no net in it helps. A program that says how to start itself once more ([`install`]) has such files read
//! there ([`serve`]): the bytes are handed over, and if that process falls, this file is told to be damaged and everything
//! else goes on. Processes that answered are kept for the next file, one for each thread that reads.
//!
//! A request is a line of JSON and the file's bytes; an answer is a line of JSON and the bytes of pictures. Where
//! nothing was installed, or no process can be started, the file is read here, under the guard that catches panics.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use archive_core::text::Text;
use serde::{Deserialize, Serialize};

use crate::identify::identify_bytes;
use crate::recognise::{self, PagePicture};
use crate::show::{self, Size};
use crate::text::{self, Extraction, Limits, NoText, Page};

/// The most memory such a process may ask for, in bytes. A stack of 256 MB for the reader is among it.
#[cfg(target_os = "linux")]
const MEMORY: u64 = 3 << 30;

/// So many processes are kept when they have answered.
const KEPT: usize = 16;

/// How to start a process that only calls [`serve`].
type Start = Box<dyn Fn() -> Option<Command> + Send + Sync>;

static START: OnceLock<Start> = OnceLock::new();

/// Says how to start a process that does nothing but call [`serve`]: from now on files are read there.
///
/// Only the first call counts.
pub fn install(start: impl Fn() -> Option<Command> + Send + Sync + 'static) {
    let _ = START.set(Box::new(start));
}

/// What to read.
#[derive(Debug, Serialize, Deserialize)]
enum Task {
    /// The text of a file.
    Text,
    /// Pictures of some of its pages, for an engine.
    Pictures(Vec<u32>),
    /// A picture of a page, for a person.
    Show(u32, Size),
    /// Whatever else the program reads: only whether it survives that.
    Trial,
}

#[derive(Debug, Serialize, Deserialize)]
struct Request {
    task: Task,
    name: String,
    bytes: usize,
    file: u64,
    unpacked: u64,
    pages: usize,
    characters: usize,
    time: Duration,
}

#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    Text {
        pages: Vec<Page>,
        stopped: Option<NoText>,
        noticed: Vec<Text>,
    },
    /// Number, place in its file, dots per inch, and length of each; the bytes follow.
    Pictures(Vec<(u32, u32, u32, usize)>),
    Survived,
    Not(NoText),
}

/// What was read of a text, as the reader itself gives it.
pub(crate) type Told = (Vec<Page>, Option<NoText>, Vec<Text>);

/// The text of a file, read apart; `None` where that can't be.
pub(crate) fn read(bytes: &[u8], name: &str, limits: &Limits) -> Option<Result<Told, NoText>> {
    Some(match ask(Task::Text, bytes, name, limits)? {
        Ok((Answer::Text { pages, stopped, noticed }, _)) => Ok((pages, stopped, noticed)),
        answer => Err(why(answer)),
    })
}

/// Pictures of some pages of a file, drawn apart; `None` where that can't be.
pub(crate) fn pictures(
    bytes: &[u8],
    pages: &[u32],
    limits: &Limits,
) -> Option<Result<Vec<PagePicture>, NoText>> {
    Some(drawn(ask(Task::Pictures(pages.to_vec()), bytes, "", limits)?))
}

/// A page as a PNG, drawn apart; `None` where that can't be.
pub(crate) fn show(
    bytes: &[u8],
    page: u32,
    size: Size,
    limits: &Limits,
) -> Option<Result<Arc<[u8]>, NoText>> {
    let drawn = drawn(ask(Task::Show(page, size), bytes, "", limits)?);
    Some(drawn.and_then(|all| all.into_iter().next().map(|one| one.image).ok_or(NoText::Blank)))
}

/// Whether the program survives reading these bytes with the reader it gave to [`serve`]. Nothing is said of what
/// stands in them.
///
/// # Errors
///
/// Why it doesn't.
pub fn survives(bytes: &[u8]) -> Result<(), NoText> {
    let limits = Limits { time: Duration::from_mins(10), ..Limits::default() };
    match ask(Task::Trial, bytes, "", &limits) {
        None | Some(Ok((Answer::Survived, _))) => Ok(()),
        Some(answer) => Err(why(answer)),
    }
}

fn drawn(answer: Result<Said, NoText>) -> Result<Vec<PagePicture>, NoText> {
    match answer {
        Ok((Answer::Pictures(told), images)) => {
            let mut rest = images.as_slice();
            let mut all = Vec::with_capacity(told.len());
            for (number, index, density, length) in told {
                let Some((image, after)) = rest.split_at_checked(length) else { break };
                all.push(PagePicture { number, image: image.into(), index, density });
                rest = after;
            }
            Ok(all)
        }
        answer => Err(why(answer)),
    }
}

fn why(answer: Result<(Answer, Vec<u8>), NoText>) -> NoText {
    match answer {
        Err(why) | Ok((Answer::Not(why), _)) => why,
        Ok(_) => NoText::Damaged("the reader answered something else".to_owned()),
    }
}

/// Asks a process; `None` where none can be started.
fn ask(task: Task, bytes: &[u8], name: &str, limits: &Limits) -> Option<Result<(Answer, Vec<u8>), NoText>> {
    static IDLE: Mutex<Vec<Reader>> = Mutex::new(Vec::new());
    let Limits { file, unpacked, pages, characters, time } = *limits;
    if bytes.len() as u64 > file {
        return Some(Err(NoText::TooLarge));
    }
    let start = START.get()?;
    let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let mut reader = match idle {
        Some(reader) => reader,
        None => Reader::start(&mut start()?).ok()?,
    };
    let request =
        Request { task, name: name.to_owned(), bytes: bytes.len(), file, unpacked, pages, characters, time };
    let answer = reader.ask(&request, bytes);
    // One that was given up on may still be at it.
    let slow = |answer: &Said| {
        matches!(answer.0, Answer::Not(NoText::TooSlow) | Answer::Text { stopped: Some(NoText::TooSlow), .. })
    };
    if answer.as_ref().is_ok_and(|answer| !slow(answer)) {
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(reader);
        }
    }
    Some(answer)
}

type Said = (Answer, Vec<u8>);

/// A process that reads.
struct Reader {
    child: Child,
    to: Option<BufWriter<ChildStdin>>,
    answers: mpsc::Receiver<io::Result<Said>>,
}

impl Reader {
    fn start(command: &mut Command) -> io::Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
        let to = child.stdin.take().map(BufWriter::new);
        let mut from = BufReader::new(child.stdout.take().ok_or_else(gone)?);
        let (tell, answers) = mpsc::channel();
        thread::Builder::new().name("answers".to_owned()).spawn(move || {
            loop {
                let said = hear(&mut from);
                let over = said.is_err();
                if tell.send(said).is_err() || over {
                    return;
                }
            }
        })?;
        Ok(Self { child, to, answers })
    }

    /// An error is the end of the process, whatever it was.
    fn ask(&mut self, request: &Request, bytes: &[u8]) -> Result<Said, NoText> {
        let fell = || NoText::Damaged("its reader fell over it".to_owned());
        let Some(to) = &mut self.to else { return Err(fell()) };
        let sent = serde_json::to_writer(&mut *to, request)
            .map_err(io::Error::from)
            .and_then(|()| to.write_all(b"\n"))
            .and_then(|()| to.write_all(bytes))
            .and_then(|()| to.flush());
        if sent.is_err() {
            return Err(fell());
        }
        // The process keeps the time itself; one that can't is ended a little later.
        match self.answers.recv_timeout(request.time + request.time / 2 + Duration::from_secs(1)) {
            Ok(Ok(said)) => Ok(said),
            Err(mpsc::RecvTimeoutError::Timeout) => Err(NoText::TooSlow),
            Ok(Err(_)) | Err(mpsc::RecvTimeoutError::Disconnected) => Err(fell()),
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.to = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn hear(from: &mut impl BufRead) -> io::Result<Said> {
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line)?;
    let answer: Answer = serde_json::from_slice(&line)?;
    let mut bytes = Vec::new();
    if let Answer::Pictures(told) = &answer {
        let length: usize = told.iter().map(|told| told.3).sum();
        from.take(length as u64).read_to_end(&mut bytes)?;
    }
    Ok((answer, bytes))
}

/// Reads what it is asked to until nobody asks any more: all that such a process does. `trial` is the reader that
/// [`survives`] asks for.
///
/// # Errors
///
/// When who asked is gone.
pub fn serve(trial: fn(&[u8])) -> io::Result<()> {
    bound_memory();
    let (mut from, mut to) = (BufReader::new(io::stdin().lock()), BufWriter::new(io::stdout().lock()));
    loop {
        let mut line = Vec::new();
        if from.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let request: Request = serde_json::from_slice(&line)?;
        let mut bytes = vec![0; request.bytes];
        from.read_exact(&mut bytes)?;
        let (answer, images) = answer(&request, bytes, trial);
        serde_json::to_writer(&mut to, &answer)?;
        to.write_all(b"\n")?;
        for image in images {
            to.write_all(&image)?;
        }
        to.flush()?;
    }
}

fn answer(request: &Request, bytes: Vec<u8>, trial: fn(&[u8])) -> (Answer, Vec<Arc<[u8]>>) {
    let Request { task, name, bytes: _, file, unpacked, pages, characters, time } = request;
    let limits =
        Limits { file: *file, unpacked: *unpacked, pages: *pages, characters: *characters, time: *time };
    match task {
        Task::Text => {
            let Extraction { format: _, pages, stopped, noticed } = text::extract(bytes, name, &limits);
            (Answer::Text { pages, stopped, noticed }, Vec::new())
        }
        Task::Pictures(wanted) => {
            let bytes: Arc<[u8]> = bytes.into();
            let drawn = identify_bytes(&bytes, name)
                .map_err(|error| NoText::Damaged(error.to_string()))
                .and_then(|format| recognise::pictures(&bytes, &format, wanted, &limits));
            match drawn {
                Ok(pictures) => {
                    let told =
                        pictures.iter().map(|one| (one.number, one.index, one.density, one.image.len()));
                    (Answer::Pictures(told.collect()), pictures.into_iter().map(|one| one.image).collect())
                }
                Err(why) => (Answer::Not(why), Vec::new()),
            }
        }
        Task::Show(page, size) => {
            let bytes: Arc<[u8]> = bytes.into();
            match show::show(&bytes, name, *page, *size, &limits) {
                Ok(shown) => (Answer::Pictures(vec![(*page, 0, 0, shown.bytes.len())]), vec![shown.bytes]),
                Err(why) => (Answer::Not(why), Vec::new()),
            }
        }
        Task::Trial => {
            // What it says will be said when it is read in earnest.
            trial(&bytes);
            (Answer::Survived, Vec::new())
        }
    }
}

/// Memory that isn't there ends this process, and no other.
#[cfg(target_os = "linux")]
fn bound_memory() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let maximum = getrlimit(Resource::As).maximum;
    let bound = maximum.map_or(MEMORY, |maximum| maximum.min(MEMORY));
    // Where it can't be set, the system's own bound stands.
    let _ = setrlimit(Resource::As, Rlimit { current: Some(bound), maximum });
}

/// Elsewhere the system's own bound stands.
#[cfg(not(target_os = "linux"))]
fn bound_memory() {}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[expect(clippy::unwrap_used, reason = "without a reader there is nothing to test")]
    fn ask(script: &str, time: Duration) -> Result<Said, NoText> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let Limits { file, unpacked, pages, characters, .. } = Limits::default();
        let request = Request {
            task: Task::Text,
            name: "a.pdf".to_owned(),
            bytes: 1 << 20,
            file,
            unpacked,
            pages,
            characters,
            time,
        };
        Reader::start(&mut command).unwrap().ask(&request, &vec![0; 1 << 20])
    }

    #[test]
    fn a_reader_that_falls_talks_nonsense_or_never_ends_costs_its_file_only() {
        let second = Duration::from_secs(1);
        for script in [
            "exit 0",
            "kill -SEGV $$",
            "head -c 1000000 >/dev/null; kill -ABRT $$",
            "head -c 1000000 >/dev/null; echo nonsense",
        ] {
            let fell = ask(script, Duration::from_mins(1)).map(|(answer, _)| answer);
            assert!(matches!(fell, Err(NoText::Damaged(_))), "{script}: {fell:?}");
        }
        assert_eq!(ask("head -c 1000000 >/dev/null; sleep 60", second).map(|_| ()), Err(NoText::TooSlow));
    }
}
