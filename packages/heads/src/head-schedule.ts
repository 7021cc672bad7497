/**
 * The learning rate of stage 2, epoch by epoch (from 0): lr (1 + cos(pi t / E)) / 2. The official code steps its scheduler at the
 * START of each epoch, t = epoch + 1 instead of t = epoch: at lr 1 its rates sum to 4.5 instead of 5.5 over the 10 epochs
 * of cRT, to 2 instead of 3 over the 5 of LWS, and the last epoch has the rate 0.
 */
import { checkIntegers, checkOneOf } from '@longtail/core';
import { cosine, type Schedule } from '@longtail/optim';

/** 'epoch': t = epoch. 'official': t = epoch + 1. A function: the rate at an epoch, whatever `learningRate` is. */
export type HeadSchedule = 'epoch' | 'official' | Schedule;

/** @throws InputError for a schedule of another name, epochs that are no whole number, or a rate that is none */
export function rateOf(
  schedule: HeadSchedule,
  { learningRate, epochs }: { learningRate: number; epochs: number },
): Schedule {
  checkIntegers({ epochs });
  if (typeof schedule === 'function') return schedule;
  checkOneOf({ schedule }, ['epoch', 'official']);
  return cosine(learningRate, { epochs, step: schedule });
}
