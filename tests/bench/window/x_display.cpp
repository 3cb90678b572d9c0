#include "tests/bench/window/x_display.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <poll.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <xcb/damage.h>
#include <xcb/shm.h>
#include <xcb/xcb.h>
#include <xcb/xtest.h>

#include "engine/routing/error.h"

namespace moescope::bench {

namespace {

constexpr std::chrono::milliseconds kAskEvery(2);

template <class T>
struct FreeReply {
    void operator()(T* reply) const { std::free(reply); }
};
template <class T>
std::unique_ptr<T, FreeReply<T>> owned(T* reply) {
    return std::unique_ptr<T, FreeReply<T>>(reply);
}

} // namespace

struct XDisplay::Impl {
    xcb_connection_t* connection = nullptr;
    xcb_window_t root = 0, window = 0;
    xcb_atom_t protocols = 0, ping = 0, pid = 0;
    xcb_damage_damage_t damage = 0;
    std::uint8_t damageEvent = 0;
    int width = 0, height = 0;
    xcb_shm_seg_t segment = 0;
    const std::uint32_t* shared = nullptr;
    std::vector<Frame> frames;
    bool keep = true;
    bool asked = false;
    Clock::time_point askedAt, answeredAt;
    double worst = 0;
    int answers = 0;
    std::vector<std::uint32_t> keysyms; // by (code - first) x perCode
    int firstCode = 0, perCode = 1;

    xcb_atom_t atom(const char* name);
    std::uint8_t codeOf(std::uint32_t keysym) const;
    void fake(std::uint8_t type, std::uint8_t detail, int x = 0, int y = 0) const;
    xcb_window_t windowOf(int process) const;
    void attach();
    void take(const xcb_generic_event_t& event);
    void grab();
    void ask();
};

xcb_atom_t XDisplay::Impl::atom(const char* name) {
    const auto cookie = xcb_intern_atom(connection, 0, std::uint16_t(std::strlen(name)), name);
    const auto reply = owned(xcb_intern_atom_reply(connection, cookie, nullptr));
    return reply ? reply->atom : 0;
}

std::uint8_t XDisplay::Impl::codeOf(std::uint32_t keysym) const {
    const auto at = std::find(keysyms.begin(), keysyms.end(), keysym);
    return std::uint8_t(firstCode + int(at - keysyms.begin()) / perCode);
}

void XDisplay::Impl::fake(std::uint8_t type, std::uint8_t detail, int x, int y) const {
    xcb_test_fake_input(connection, type, detail, 0, root, std::int16_t(x), std::int16_t(y), 0);
    xcb_flush(connection);
}

xcb_window_t XDisplay::Impl::windowOf(int process) const {
    const auto tree = owned(xcb_query_tree_reply(connection, xcb_query_tree(connection, root), nullptr));
    const xcb_window_t* children = xcb_query_tree_children(tree.get());
    for (int i = 0; i < xcb_query_tree_children_length(tree.get()); ++i) {
        const auto attributes = owned(
            xcb_get_window_attributes_reply(connection, xcb_get_window_attributes(connection, children[i]), nullptr));
        const auto owner = owned(xcb_get_property_reply(
            connection, xcb_get_property(connection, 0, children[i], pid, XCB_ATOM_CARDINAL, 0, 1), nullptr));
        if (attributes && attributes->map_state == XCB_MAP_STATE_VIEWABLE && owner &&
            xcb_get_property_value_length(owner.get()) == 4 &&
            *static_cast<const std::int32_t*>(xcb_get_property_value(owner.get())) == process) {
            return children[i];
        }
    }
    return 0;
}

void XDisplay::Impl::attach() {
    const auto size = owned(xcb_get_geometry_reply(connection, xcb_get_geometry(connection, window), nullptr));
    width = size->width;
    height = size->height;
    const int id = shmget(IPC_PRIVATE, std::size_t(width) * std::size_t(height) * 4, IPC_CREAT | 0600);
    shared = static_cast<const std::uint32_t*>(shmat(id, nullptr, 0));
    segment = xcb_generate_id(connection);
    xcb_shm_attach(connection, segment, std::uint32_t(id), 0);
    damage = xcb_generate_id(connection);
    xcb_damage_create(connection, damage, window, XCB_DAMAGE_REPORT_LEVEL_NON_EMPTY);
    xcb_set_input_focus(connection, XCB_INPUT_FOCUS_PARENT, window, XCB_CURRENT_TIME);
    std::free(xcb_get_input_focus_reply(connection, xcb_get_input_focus(connection), nullptr)); // all of it is done
    shmctl(id, IPC_RMID, nullptr);
    grab();
}

void XDisplay::Impl::grab() {
    Frame frame{Clock::now(), {}};
    xcb_damage_subtract(connection, damage, XCB_NONE, XCB_NONE);
    if (keep) {
        const auto cookie = xcb_shm_get_image(connection, window, 0, 0, std::uint16_t(width), std::uint16_t(height),
                                              ~0U, XCB_IMAGE_FORMAT_Z_PIXMAP, segment, 0);
        if (owned(xcb_shm_get_image_reply(connection, cookie, nullptr))) {
            frame.pixels.assign(shared, shared + std::size_t(width) * std::size_t(height));
        }
    }
    frames.push_back(std::move(frame));
    xcb_flush(connection);
}

void XDisplay::Impl::take(const xcb_generic_event_t& event) {
    const int type = event.response_type & 0x7F;
    if (type == damageEvent) {
        return grab();
    }
    const auto& message = reinterpret_cast<const xcb_client_message_event_t&>(event);
    if (type == XCB_CLIENT_MESSAGE && message.type == protocols && message.data.data32[0] == ping && asked) {
        asked = false;
        ++answers;
        answeredAt = Clock::now();
        worst = std::max(worst, msSince(askedAt));
    }
}

void XDisplay::Impl::ask() {
    if (window == 0 || asked || Clock::now() - answeredAt < kAskEvery) {
        return;
    }
    xcb_client_message_event_t message{};
    message.response_type = XCB_CLIENT_MESSAGE;
    message.format = 32;
    message.window = window;
    message.type = protocols;
    message.data.data32[0] = ping;
    message.data.data32[2] = window;
    xcb_send_event(connection, 0, window, 0, reinterpret_cast<const char*>(&message));
    xcb_flush(connection);
    asked = true;
    askedAt = Clock::now();
}

XDisplay::XDisplay() : m_impl(std::make_unique<Impl>()) {
    Impl& d = *m_impl;
    d.connection = xcb_connect(nullptr, nullptr);
    if (xcb_connection_has_error(d.connection) != 0) {
        throw Error(ErrorCode::NotFound, "no display to measure on; run it under xvfb-run");
    }
    const xcb_setup_t* setup = xcb_get_setup(d.connection);
    d.root = xcb_setup_roots_iterator(setup).data->root;
    d.protocols = d.atom("WM_PROTOCOLS");
    d.ping = d.atom("_NET_WM_PING");
    d.pid = d.atom("_NET_WM_PID");
    // Answers to a ping go to the root window, with one of these masks.
    const std::uint32_t mask = XCB_EVENT_MASK_SUBSTRUCTURE_NOTIFY | XCB_EVENT_MASK_STRUCTURE_NOTIFY;
    xcb_change_window_attributes(d.connection, d.root, XCB_CW_EVENT_MASK, &mask);
    d.damageEvent = std::uint8_t(xcb_get_extension_data(d.connection, &xcb_damage_id)->first_event + XCB_DAMAGE_NOTIFY);
    std::free(xcb_damage_query_version_reply(d.connection, xcb_damage_query_version(d.connection, 1, 1), nullptr));
    const int codes = setup->max_keycode - setup->min_keycode + 1;
    const auto keys = owned(xcb_get_keyboard_mapping_reply(
        d.connection, xcb_get_keyboard_mapping(d.connection, setup->min_keycode, std::uint8_t(codes)), nullptr));
    d.firstCode = setup->min_keycode;
    d.perCode = keys->keysyms_per_keycode;
    const xcb_keysym_t* first = xcb_get_keyboard_mapping_keysyms(keys.get());
    d.keysyms.assign(first, first + xcb_get_keyboard_mapping_keysyms_length(keys.get()));
}

XDisplay::~XDisplay() {
    if (m_impl->shared != nullptr) {
        shmdt(m_impl->shared);
    }
    xcb_disconnect(m_impl->connection);
}

bool XDisplay::follow(int pid, std::chrono::milliseconds most) {
    Impl& d = *m_impl;
    const auto begin = Clock::now();
    while ((d.window = d.windowOf(pid)) == 0) {
        if (Clock::now() - begin > most) {
            return false;
        }
        pump(std::chrono::milliseconds(2));
    }
    d.attach();
    return true;
}

int XDisplay::width() const {
    return m_impl->width;
}

int XDisplay::height() const {
    return m_impl->height;
}

void XDisplay::key(std::uint32_t keysym, std::vector<std::uint32_t> modifiers) {
    for (const std::uint32_t modifier : modifiers) {
        m_impl->fake(XCB_KEY_PRESS, m_impl->codeOf(modifier));
    }
    m_impl->fake(XCB_KEY_PRESS, m_impl->codeOf(keysym));
    m_impl->fake(XCB_KEY_RELEASE, m_impl->codeOf(keysym));
    for (const std::uint32_t modifier : modifiers) {
        m_impl->fake(XCB_KEY_RELEASE, m_impl->codeOf(modifier));
    }
}

void XDisplay::wheel(int x, int y, bool down) {
    const std::uint8_t button = down ? 5 : 4;
    m_impl->fake(XCB_MOTION_NOTIFY, 0, x, y);
    m_impl->fake(XCB_BUTTON_PRESS, button);
    m_impl->fake(XCB_BUTTON_RELEASE, button);
}

void XDisplay::click(int x, int y) {
    m_impl->fake(XCB_MOTION_NOTIFY, 0, x, y);
    m_impl->fake(XCB_BUTTON_PRESS, 1);
    m_impl->fake(XCB_BUTTON_RELEASE, 1);
}

bool XDisplay::pump(std::chrono::milliseconds most, const std::function<bool()>& done) {
    Impl& d = *m_impl;
    const auto begin = Clock::now();
    while (!done()) {
        d.ask();
        const auto left = most - (Clock::now() - begin);
        if (left <= std::chrono::milliseconds(0)) {
            return false;
        }
        pollfd waiting{xcb_get_file_descriptor(d.connection), POLLIN, 0};
        auto event = owned(xcb_poll_for_event(d.connection));
        if (!event) {
            poll(&waiting, 1, 1);
            event = owned(xcb_poll_for_event(d.connection));
        }
        for (; event; event = owned(xcb_poll_for_event(d.connection))) {
            d.take(*event);
        }
    }
    return true;
}

double XDisplay::untilDrawn(Clock::time_point begin, std::chrono::milliseconds most) {
    const Impl& d = *m_impl;
    std::size_t seen = 0;
    int enough = 0;
    pump(most, [&] {
        if (d.frames.size() != seen) {
            seen = d.frames.size();
            enough = d.answers + 2; // the one asked after the last picture was drawn for certain
        }
        return seen > 0 && d.answers >= enough;
    });
    return seen == 0 ? msSince(begin) : std::chrono::duration<double, std::milli>(d.frames.back().at - begin).count();
}

void XDisplay::settle(std::chrono::milliseconds quiet, std::chrono::milliseconds most) {
    const auto begin = Clock::now();
    std::size_t seen = frames().size();
    Clock::time_point last = begin;
    pump(most, [&] {
        if (frames().size() != seen) {
            seen = frames().size();
            last = Clock::now();
        }
        return Clock::now() - last > quiet;
    });
}

void XDisplay::restart(bool keepPictures) {
    m_impl->keep = keepPictures;
    std::vector<Frame> kept;
    if (keepPictures && !m_impl->frames.empty() && !m_impl->frames.back().pixels.empty()) {
        kept.push_back(std::move(m_impl->frames.back()));
    }
    m_impl->frames = std::move(kept);
    if (keepPictures && m_impl->frames.empty()) {
        m_impl->grab();
    }
}

const std::vector<Frame>& XDisplay::frames() const {
    return m_impl->frames;
}

double XDisplay::worstAnswer() {
    const double open = m_impl->asked ? msSince(m_impl->askedAt) : 0;
    return std::max(open, std::exchange(m_impl->worst, 0));
}

} // namespace moescope::bench
