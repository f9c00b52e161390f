// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDaoChainRegistry} from "./IDaoChainRegistry.sol";
import {OrganisationLog} from "./OrganisationLog.sol";
import {Organisation} from "./RegistryState.sol";

/// @title Acts that wait for their organisation's delay
/// @notice An act is known by its call's data: asked for once, it waits; asked for again in time, it passes.
library WaitingActs {
    using OrganisationLog for Organisation;

    uint256 internal constant MAX_WAITING = 16;
    uint256 internal constant MAX_CALL = 8192;
    uint16 internal constant MAX_DELAY = 720;
    /// Whoever saw it coming need not look out for it for ever.
    uint256 internal constant TIME_TO_EXECUTE = 14 days;

    /// Whether an act is to happen now. If not, it has been announced.
    /// @param weakens whether it has to wait where there is a delay
    /// @param call the act's calldata
    function pass(Organisation storage own, bytes32 id, bool weakens, bytes calldata call) internal returns (bool) {
        IDaoChainRegistry.WaitingAct[] storage waiting = own.waiting;
        bytes32 actId = keccak256(call);
        bool waits = weakens && own.delayHours != 0;
        uint256 count = waiting.length;
        for (uint256 i = 0; i < count; ++i) {
            if (waiting[i].actId != actId) continue;
            uint256 readyAt = waiting[i].readyAt;
            if (waits && block.timestamp < readyAt) revert IDaoChainRegistry.ActWaits(actId, uint64(readyAt));
            _remove(waiting, i);
            // One that nobody executed in time has to be asked for anew.
            if (waits && block.timestamp > readyAt + TIME_TO_EXECUTE) break;
            own.append(
                OrganisationLog.topicsOf(IDaoChainRegistry.ActExecuted.selector, id, actId, msg.sender), ""
            );
            return true;
        }
        if (!waits) return true;
        _schedule(own, id, actId, call);
        return false;
    }

    /// @param actIds of acts to cancel; all where there is none
    function cancel(Organisation storage own, bytes32 id, bytes32[] calldata actIds) internal {
        IDaoChainRegistry.WaitingAct[] storage waiting = own.waiting;
        if (actIds.length == 0) {
            for (uint256 left = waiting.length; left > 0; --left) {
                _cancel(own, id, waiting[left - 1].actId);
                waiting.pop();
            }
        }
        for (uint256 i = 0; i < actIds.length; ++i) {
            uint256 found = 0;
            while (found < waiting.length && waiting[found].actId != actIds[i]) ++found;
            if (found == waiting.length) revert IDaoChainRegistry.UnknownAct(id, actIds[i]);
            _remove(waiting, found);
            _cancel(own, id, actIds[i]);
        }
    }

    function _cancel(Organisation storage own, bytes32 id, bytes32 actId) private {
        own.append(OrganisationLog.topicsOf(IDaoChainRegistry.ActCancelled.selector, id, actId, msg.sender), "");
    }

    function _schedule(Organisation storage own, bytes32 id, bytes32 actId, bytes calldata call) private {
        if (own.waiting.length >= MAX_WAITING) revert IDaoChainRegistry.TooMany("waiting acts", MAX_WAITING);
        if (call.length > MAX_CALL) revert IDaoChainRegistry.TooLong("waiting act", MAX_CALL);
        uint64 readyAt = uint64(block.timestamp) + uint64(own.delayHours) * 1 hours;
        own.waiting.push(IDaoChainRegistry.WaitingAct({actId: actId, readyAt: readyAt, by: msg.sender}));
        own.append(
            OrganisationLog.topicsOf(IDaoChainRegistry.ActScheduled.selector, id, actId, msg.sender),
            abi.encode(readyAt, call)
        );
    }

    function _remove(IDaoChainRegistry.WaitingAct[] storage waiting, uint256 index) private {
        uint256 last = waiting.length - 1;
        if (index != last) waiting[index] = waiting[last];
        waiting.pop();
    }
}
