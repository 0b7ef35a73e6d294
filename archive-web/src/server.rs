//! The server: an address, connections, and a clean end.
//!
//! It listens on this computer alone unless it is told otherwise; then it wants a certificate to speak TLS by, or
//! somebody to say that a proxy stands before it which does, since passwords and records must not cross a network in the open. Whoever sends slowly, sends
//! too much, or opens connections without end costs themselves their connection and nobody else theirs.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use archive_core::text;
use archive_core::text::Text;
use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt as _;

use crate::gate::{self, Peer};
use crate::routes;
use crate::site::Site;
use crate::stream::Patient;
use crate::tls::Certificate;

/// The head of a request must be there by then, and its body; it is also how long a connection may wait for its next one,
/// and how long an answer may wait to be taken.
const PATIENCE: Duration = Duration::from_secs(20);
/// The largest head of a request, in bytes.
const HEAD: usize = 32 << 10;
/// The most headers of a request.
const HEADERS: usize = 64;
/// So many connections at once; others wait to be accepted. Systems give a program a thousand open files, and pages
/// need some, too.
const CONNECTIONS: usize = 768;
/// So many of one address: a reading room may stand behind one, and yet nobody takes all there are.
const FROM_ONE: usize = 512;
/// So many requests are worked on at once; each has a thread.
const AT_WORK: usize = 32;
/// How long requests at work may take to end after the server was stopped.
const FAREWELL: Duration = Duration::from_secs(5);

/// Why it can't serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is another computer's to reach, and nothing protects what crosses the network.
    #[error("不能在 {0} 上明文服务 / {0} can be reached from elsewhere, and nothing protects what is sent")]
    Unprotected(SocketAddr),
    /// The address can't be listened on.
    #[error("无法在 {0} 上监听：{1} / can't listen on {0}: {1}")]
    Address(SocketAddr, io::Error),
    /// The system refused.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl ServeError {
    /// What happened, in words.
    pub fn message(&self) -> Text {
        match self {
            Self::Unprotected(address) => text!(
                "{address} 可从别的计算机访问，而这里不加密",
                "{address} can be reached from other computers, and nothing here is encrypted"
            ),
            Self::Address(address, why) => {
                text!("无法在 {address} 上监听：{why}", "can't listen on {address}: {why}")
            }
            Self::Io(why) => text!("服务器无法运行：{why}", "the server can't run: {why}"),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Text {
        match self {
            Self::Unprotected(_) => Text::fixed(
                "用 --tls-cert 和 --tls-key 给出证书和私钥；或在前面设一个加密（TLS）的代理，再加 --behind-proxy；只在本机用，则监听 127.0.0.1",
                "give a certificate and its key with --tls-cert and --tls-key; or put a proxy that speaks TLS before it and say --behind-proxy; for this computer alone, listen on 127.0.0.1",
            ),
            Self::Address(..) => Text::fixed(
                "换一个端口，或用 127.0.0.1:0 由系统选",
                "take another port, or 127.0.0.1:0 to have one chosen",
            ),
            Self::Io(_) => Text::fixed("请检查系统", "check the system"),
        }
    }
}

/// An address that is listened on.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
    protection: Protection,
    patience: Duration,
    stop: watch::Sender<bool>,
}

/// What protects what is sent from being read on its way.
#[derive(Debug, Clone)]
pub enum Protection {
    /// It doesn't leave this computer.
    OnlyHere,
    /// A proxy stands before the server, which speaks TLS.
    Proxy,
    /// The server speaks TLS itself.
    Tls(Certificate),
}

/// Ends a server from elsewhere.
#[derive(Debug, Clone)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// Takes no more connections, and ends when the requests at work are answered.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Listening {
    /// Listens on an address: of this computer alone, or of others where something protects what is sent.
    ///
    /// # Errors
    ///
    /// [`ServeError::Unprotected`], or what the system says of the address.
    pub fn on(address: SocketAddr, protection: Protection) -> Result<Self, ServeError> {
        if !address.ip().is_loopback() && matches!(protection, Protection::OnlyHere) {
            return Err(ServeError::Unprotected(address));
        }
        let listener = TcpListener::bind(address).map_err(|why| ServeError::Address(address, why))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address, protection, patience: PATIENCE, stop: watch::channel(false).0 })
    }

    /// Waits so long, and no longer, for who sends or takes nothing.
    #[must_use]
    pub const fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The address, with the port that was chosen.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What ends it.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.stop.clone())
    }

    /// Serves until it is stopped.
    ///
    /// # Errors
    ///
    /// When the system gives no threads or no listener.
    pub fn serve(self, site: &Arc<Site>) -> Result<(), ServeError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_io()
            .enable_time()
            .max_blocking_threads(AT_WORK)
            .build()?;
        let router = routes::router(site);
        let early = Arc::clone(site);
        std::thread::spawn(move || early.warm());
        runtime.block_on(accept(self, router))?;
        runtime.shutdown_timeout(FAREWELL);
        Ok(())
    }
}

/// How many connections each address has open. Behind a proxy all come from the one, which counts for itself.
#[derive(Debug, Default)]
struct Callers(Mutex<BTreeMap<IpAddr, usize>>);

/// A place taken by a caller, given back when the connection ends.
struct Place {
    callers: Arc<Callers>,
    from: Option<IpAddr>,
    _of_all: OwnedSemaphorePermit,
}

impl Callers {
    /// Whether one more from there is let in; it is counted then.
    fn let_in(&self, from: IpAddr) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(from).or_default();
        if *count >= FROM_ONE {
            return false;
        }
        *count += 1;
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(from) = self.from else { return };
        let mut all = self.callers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&from) {
            *count -= 1;
            if *count == 0 {
                all.remove(&from);
            }
        }
    }
}

async fn accept(listening: Listening, router: Router) -> io::Result<()> {
    let Listening { listener, protection, patience, stop, address: _ } = listening;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    let callers = Arc::new(Callers::default());
    let mut stopped = stop.subscribe();
    let terminated = terminated();
    tokio::pin!(terminated);
    loop {
        let Ok(permit) = Arc::clone(&connections).acquire_owned().await else { break };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                // Too many files open, or a caller who is gone: the next one may fare better.
                Err(_) => { tokio::time::sleep(Duration::from_millis(50)).await; continue }
            },
            _ = stopped.changed() => break,
            () = &mut terminated => break,
        };
        let from = (!matches!(protection, Protection::Proxy)).then(|| peer.ip());
        if from.is_some_and(|from| !callers.let_in(from)) {
            continue;
        }
        let place = Place { callers: Arc::clone(&callers), from, _of_all: permit };
        // Small answers go out at once; a system that can't says so, and nothing depends on it.
        let _ = stream.set_nodelay(true);
        let stream = Patient::new(stream, patience);
        let (router, stopped, protection) = (router.clone(), stop.subscribe(), protection.clone());
        tokio::spawn(async move {
            let _place = place;
            match protection {
                Protection::Tls(certificate) => {
                    // Who doesn't speak it, or takes too long to say so, is a stranger here.
                    let hello = tokio::time::timeout(patience, certificate.0.accept(stream)).await;
                    if let Ok(Ok(stream)) = hello {
                        converse(stream, Peer { address: peer, patience }, router, stopped).await;
                    }
                }
                Protection::Proxy | Protection::OnlyHere => {
                    converse(stream, Peer { address: peer, patience }, router, stopped).await;
                }
            }
        });
    }
    stop.send_replace(true);
    // Those at work end; who has nothing to say any more is not waited for.
    let all = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
    let _ = tokio::time::timeout(FAREWELL, connections.acquire_many(all)).await;
    Ok(())
}

/// Answers what is asked on a connection, until it ends or the server does.
async fn converse<S>(stream: S, peer: Peer, router: Router, mut stopped: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = gate::untwin(request.map(Body::new));
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(peer.patience)
        .max_buf_size(HEAD)
        .max_headers(HEADERS);
    let connection = protocol.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    loop {
        tokio::select! {
            // Who is gone in the middle of an answer is gone: nobody is left to tell.
            _ = connection.as_mut() => break,
            changed = stopped.changed() => {
                connection.as_mut().graceful_shutdown();
                if changed.is_err() { let _ = connection.as_mut().await; break }
            }
        }
    }
}

/// Ends when the system asks the program to.
#[cfg(unix)]
async fn terminated() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

/// Answers one request without a connection: what tests ask.
pub async fn answer(site: &Arc<Site>, request: Request<Body>) -> Response<Body> {
    match routes::router(site).oneshot(gate::untwin(request)).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
